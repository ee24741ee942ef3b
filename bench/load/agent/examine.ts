import type { Address } from '../../client/reach/addresses.ts';
import { type Clock, createClock } from '../../common/clock.ts';
import { KsweepError } from '../../common/errors.ts';
import { Agents } from './agents.ts';
import { estimateOffset } from './clock-offset.ts';
import type { Hello } from './hello.ts';
import type { LoadHost } from './load-hosts.ts';

const EXCHANGES = 16;

/** What a load host tells when it is asked before a run. */
export interface ExaminedHost {
  readonly name: string;
  /** Why nothing can be loaded from it, with the next step; null where it can. */
  readonly problem: string | null;
  readonly hello: Hello | null;
  /** µs; null where it did not get that far. */
  readonly roundTripUs: number | null;
  readonly clockOffsetUs: number | null;
  readonly clockErrorUs: number | null;
  /** Whether it reaches each address. */
  readonly open: readonly boolean[];
}

/** What went wrong with a host and the next step, in one line. */
export function problemOf(error: unknown): string {
  const { message, hint } = error as KsweepError;
  return hint === undefined ? message : `${message}; ${hint}`;
}

/** Starts an agent on each host, asks, and ends it. Never throws: what is wrong stands in `problem`. */
export function examineHosts(
  hosts: readonly LoadHost[],
  addresses: readonly Address[],
): Promise<ExaminedHost[]> {
  const clock = createClock();
  return Promise.all(hosts.map((host) => examineHost(host, addresses, clock)));
}

async function examineHost(
  host: LoadHost,
  addresses: readonly Address[],
  clock: Clock,
): Promise<ExaminedHost> {
  const agents = new Agents([host], clock);
  const { name } = host;
  const nothing = { roundTripUs: null, clockOffsetUs: null, clockErrorUs: null, open: [] };
  try {
    await agents.connect('confluent');
    const agent = agents.of(host);
    if (agent === undefined) throw new KsweepError('load-host-failed', 'its agent has ended');
    const hello = await agent.hello;
    await agent.exchange(EXCHANGES);
    const offset = estimateOffset(agent.exchanges);
    const nowUs = clock.nowUs();
    return {
      name,
      problem: null,
      hello,
      roundTripUs: offset.roundTripUs,
      clockOffsetUs: offset.at(nowUs),
      clockErrorUs: offset.errorUs(nowUs),
      open: await agent.reach(addresses),
    };
  } catch (error) {
    return { name, problem: problemOf(error), hello: null, ...nothing };
  } finally {
    await agents.exit();
  }
}
