import { KsweepError } from '../common/errors.ts';
import { addonProblem } from './batch/addon.ts';
import type { Driver } from './driver.ts';

/** The clients that can be asked for: our own addon, and what a Node application sees. */
export const CLIENT_NAMES = ['batch', 'confluent'] as const;
export type ClientName = (typeof CLIENT_NAMES)[number];

export interface ChosenClient {
  readonly name: ClientName;
  /** Why it is not the one that is best, in a line. */
  readonly note: string | null;
}

/** The batch client where it is built, else Confluent's; throws setup-failed where the one asked for cannot be had. */
export function chooseClient(wanted?: ClientName): ChosenClient {
  if (wanted === 'confluent') return { name: 'confluent', note: null };
  const problem = addonProblem();
  if (problem === null) return { name: 'batch', note: null };
  if (wanted === undefined)
    return { name: 'confluent', note: `measuring with --client confluent: ${problem}` };
  throw new KsweepError('setup-failed', `--client batch: ${problem}`, {
    hint: 'or measure with --client confluent, which is slower',
  });
}

/** Whether its generators may live in worker threads: Confluent's addon aborts a process in which two threads load it. */
export const runsInThreads = (name: ClientName): boolean => name === 'batch';

/** Whether it has share consumers and sets configs of groups (KIP-932). */
export const knowsShareGroups = (name: ClientName): boolean => name === 'batch';

/** Loads one client only: two copies of librdkafka in a process serve nobody. */
export async function loadDriver(name: ClientName): Promise<Driver> {
  if (name === 'confluent') return (await import('./confluent/driver.ts')).confluentDriver;
  return (await import('./batch/driver.ts')).batchDriver();
}
