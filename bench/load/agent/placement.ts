import { KsweepError } from '../../common/errors.ts';
import { meantValue } from '../../common/nearest.ts';
import { createRandom } from '../../common/random.ts';

/** `spread`: evenly over all hosts. `apart`: hosts for producing, others for consuming. A map: the hosts of each. */
export type PlacementRule =
  | 'spread'
  | 'apart'
  | { readonly pinned: { readonly producers: readonly string[]; readonly consumers: readonly string[] } };

export interface Placement {
  /** The host of a generator, by its place among those of its role, from 0. */
  producer(index: number): string;
  consumer(index: number): string;
}

/**
 * Who runs where. Pure: the same hosts, counts and seed give the same places. Each role goes round its hosts, which are in
 * an order drawn by the seed; with `spread` the consumers go on where the producers have ended.
 *
 * @param hosts names, at least one
 * @param counts generators of a cell by role, a backlog's producer counted
 */
export function place(
  rule: PlacementRule,
  hosts: readonly string[],
  counts: { readonly producers: number; readonly consumers: number },
  seed: number,
): Placement {
  const drawn = createRandom(seed)
    .fork('load hosts')
    .shuffle([...hosts]);
  const { producers, consumers } = counts;
  const round = (among: readonly string[], index: number): string => among[index % among.length] as string;
  if (rule === 'spread' || drawn.length === 1) {
    if (typeof rule === 'object') checkPinned(rule.pinned, hosts);
    return { producer: (i) => round(drawn, i), consumer: (i) => round(drawn, producers + i) };
  }
  if (rule === 'apart') {
    const share = producers / Math.max(1, producers + consumers);
    const producing = Math.min(drawn.length - 1, Math.max(1, Math.round(drawn.length * share)));
    const [first, rest] = [drawn.slice(0, producing), drawn.slice(producing)];
    return { producer: (i) => round(first, i), consumer: (i) => round(rest, i) };
  }
  const { pinned } = rule;
  checkPinned(pinned, hosts);
  return { producer: (i) => round(pinned.producers, i), consumer: (i) => round(pinned.consumers, i) };
}

function checkPinned(
  pinned: { readonly producers: readonly string[]; readonly consumers: readonly string[] },
  hosts: readonly string[],
): void {
  for (const [role, names] of Object.entries(pinned)) {
    for (const name of names) {
      if (hosts.includes(name)) continue;
      throw new KsweepError(
        'workload-invalid',
        `load.placement.pinned.${role}: "${name}" is no load host${meantValue(name, hosts)}`,
      );
    }
  }
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How many generators of a cell a host has. */
export interface HostShare {
  readonly host: string;
  readonly producers: number;
  readonly consumers: number;
}

/** Who runs where, host by host. */
export function sharesOf(
  placement: Placement,
  hosts: readonly string[],
  counts: { readonly producers: number; readonly consumers: number },
): HostShare[] {
  const on = (host: string, of: (i: number) => string, count: number): number =>
    Array.from({ length: count }, (_, i) => of(i)).filter((name) => name === host).length;
  return hosts.map((host) => ({
    host,
    producers: on(host, placement.producer, counts.producers),
    consumers: on(host, placement.consumer, counts.consumers),
  }));
}

/** For people. */
export const describeShare = ({ host, producers, consumers }: HostShare): string =>
  `${host}: ${many(producers, 'producer')}, ${many(consumers, 'consumer')}`;
