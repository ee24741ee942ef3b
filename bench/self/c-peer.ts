import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../infra/local/folders.ts';
import type { ClientSettings } from '../client/driver.ts';
import { packageRoot } from '../common/package-root.ts';
import { loadEnvironment } from '../load/environment.ts';
import type { Measured } from './rounds.ts';
import { timed } from './timed.ts';

/**
 * librdkafka's own rdkafka_performance, of the same library: what is possible. It sends one buffer again and again
 * without copying it, and takes each delivery report with one reading of the clock.
 */
export interface CPeer {
  produce(topic: string, records: number, sizeBytes: number): Promise<Measured>;
  consume(topic: string, records: number): Promise<Measured>;
}

/** What the program sets itself, and the clients here do not: librdkafka's own defaults again. */
const DEFAULTS = { 'queued.min.messages': 100_000, 'retry.backoff.ms': 100 } as const;

/** Builds it; or why it cannot be had. */
export async function findCPeer(): Promise<{ readonly program: string } | { readonly lacks: string }> {
  const script = join(packageRoot(), 'infra', 'setup', 'c-peer.mjs');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, cacheFolder()]);
  process.stderr.write(stderr);
  return JSON.parse(stdout) as { program: string } | { lacks: string };
}

/** The rate in the program's last summary: of the records that were delivered, or received. */
export function rateOf(stdout: string): number {
  const found = [...stdout.matchAll(/in \d+ms: (\d+) msgs\/s/g)].at(-1)?.[1];
  if (found === undefined) throw new Error(`rdkafka_performance printed no rate: ${stdout.slice(-500)}`);
  return Number(found);
}

/** With the settings that every contender gets. */
export function cPeer(
  program: string,
  settings: { readonly producer: ClientSettings; readonly consumer: ClientSettings },
): CPeer {
  const run = async (args: readonly string[], client: ClientSettings, records: number): Promise<Measured> => {
    const properties = Object.entries({ ...DEFAULTS, ...client }).flatMap(([name, value]) => [
      '-X',
      `${name}=${value}`,
    ]);
    // The allocator's cache is the one that the generators have.
    const { stdout, cpuSec } = await timed(
      program,
      [...args, '-q', '-c', String(records), ...properties],
      loadEnvironment(process.env),
    );
    return { ratePerSec: rateOf(stdout), cpuSecPerMillion: (cpuSec * 1e6) / records };
  };
  return {
    produce: (topic, records, sizeBytes) =>
      run(['-P', '-t', topic, '-s', String(sizeBytes)], settings.producer, records),
    consume: (topic, records) => run(['-G', `${topic}-c`, '-t', topic], settings.consumer, records),
  };
}
