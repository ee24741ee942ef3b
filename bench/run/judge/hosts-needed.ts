import type { HostFigures } from '../../results/host-figures.ts';
import type { LoadHosts } from '../../results/load-hosts.ts';
import type { RepeatResult } from '../../results/result.ts';

/** A host is planned up to this share: with 30 % left, a queue is no longer than 2.3 in the mean (M/M/1: ρ / (1 − ρ)). */
const PLANNED_SHARE = 0.7;
/** From here on a host is the limit, as a generator is of its core. */
const AT_LIMIT = 0.95;

/** Network baselines of load hosts, bytes a second each way, by name; absent where it is not known. */
export type HostNetworks = Readonly<Record<string, number>>;

interface Use {
  readonly resource: NonNullable<LoadHosts['needed']>['resource'];
  /** By host: 1 is all that it has. */
  readonly shares: ReadonlyMap<string, number>;
}

/** Of the processors' time that the host was left with: what was stolen is none of this kind of host's. */
function processorShare({ idlePercent, iowaitPercent, stolenPercent }: HostFigures): number | null {
  if (idlePercent === null || iowaitPercent === null) return null;
  const had = 100 - (stolenPercent ?? 0);
  return had <= 0 ? null : Math.max(0, had - idlePercent - iowaitPercent) / had;
}

function networkShare(
  { name, sentBytesPerSec, receivedBytesPerSec }: HostFigures,
  networks: HostNetworks,
): number | null {
  const baseline = networks[name];
  if (baseline === undefined || (sentBytesPerSec === null && receivedBytesPerSec === null)) return null;
  return Math.max(sentBytesPerSec ?? 0, receivedBytesPerSec ?? 0) / baseline;
}

function usesOf(hosts: readonly HostFigures[], networks: HostNetworks): Use[] {
  const by = (resource: Use['resource'], read: (host: HostFigures) => number | null): Use => ({
    resource,
    shares: new Map(
      hosts.flatMap((host) => {
        const share = read(host);
        return share === null ? [] : [[host.name, share] as const];
      }),
    ),
  });
  return [by('processors', processorShare), by('network', (host) => networkShare(host, networks))];
}

/** What a host is at the end of, in words; null where none is. */
export function hostAtLimit(hosts: readonly HostFigures[], networks: HostNetworks): string | null {
  for (const { resource, shares } of usesOf(hosts, networks)) {
    for (const [name, share] of shares) {
      if (share < AT_LIMIT) continue;
      const percent = `${(share * 100).toFixed(0)} %`;
      return resource === 'processors'
        ? `load host ${name} used ${percent} of its processors`
        : `load host ${name} used ${percent} of its network’s baseline`;
    }
  }
  return null;
}

/**
 * How many hosts of this kind the offered rate would need, by the utilization law (Denning and Buzen 1978: U = X · D): what
 * all hosts used of a resource at the achieved rate, a record, times the offered rate, over the share up to which a host is
 * planned. The scarcest resource decides. null where nothing is offered, nothing was achieved, or a host does not tell.
 */
export function hostsNeeded(
  hosts: readonly HostFigures[],
  { offeredPerSec, achievedPerSec }: Pick<RepeatResult['rate'], 'offeredPerSec' | 'achievedPerSec'>,
  networks: HostNetworks,
): NonNullable<LoadHosts['needed']> | null {
  if (offeredPerSec === null || offeredPerSec === 0 || achievedPerSec <= 0) return null;
  const needs = usesOf(hosts, networks)
    .filter(({ shares }) => shares.size === hosts.length && hosts.length > 0)
    .map(({ resource, shares }) => {
      const used = [...shares.values()].reduce((sum, share) => sum + share, 0);
      const fullHosts = (used * offeredPerSec) / achievedPerSec;
      return {
        hosts: Math.max(1, Math.ceil(fullHosts / PLANNED_SHARE)),
        resource,
        fullHosts,
        plannedShare: PLANNED_SHARE,
      };
    })
    .toSorted((a, b) => b.fullHosts - a.fullHosts);
  return needs[0] ?? null;
}

/** The same in words, behind what is wrong; nothing where it is not known. */
export function neededText(needed: NonNullable<LoadHosts['needed']> | null): string {
  if (needed === null) return '';
  const hosts = `${needed.hosts} ${needed.hosts === 1 ? 'host' : 'hosts'}`;
  return `; the offered rate would need ${hosts} of this kind, each used to ${needed.plannedShare * 100} % of its ${needed.resource}`;
}
