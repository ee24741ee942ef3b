import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runJava } from '../../../infra/local/launch.ts';
import type { Place } from './place.ts';

/** Takes a cause out again. */
export type TakeOut = () => void | Promise<void>;

const each = (ms: number, what: () => void): (() => void) => {
  const timer = setInterval(what, ms);
  return () => clearInterval(timer);
};

/**
 * Lays a /proc/stat over the host's own that goes along with it, but for a share of the time that stands under stolen
 * instead of idle. Only a hypervisor can steal.
 */
export function replayStolen({ folder }: Place, share: number): TakeOut {
  const own = openSync('/proc/stat', 'r');
  const laid = join(folder, 'stat');
  const buffer = Buffer.alloc(1 << 20);
  const ticksOf = (line: string): number[] =>
    line
      .replace(/^cpu +/, '')
      .split(' ')
      .map(Number);
  let begin: number[] | undefined;
  const write = (): void => {
    const text = buffer.toString('latin1', 0, readSync(own, buffer, 0, buffer.length, 0));
    const [total = '', ...rest] = text.split('\n');
    const now = ticksOf(total);
    begin ??= now;
    const sum = (ticks: readonly number[]): number => ticks.slice(0, 8).reduce((all, one) => all + one, 0);
    const stolen = Math.round((sum(now) - sum(begin)) * share);
    const shown = now.map((ticks, i) => (i === 3 ? ticks - stolen : i === 7 ? ticks + stolen : ticks));
    writeFileSync(laid, [`cpu  ${shown.join(' ')}`, ...rest].join('\n'));
  };
  write();
  execFileSync('mount', ['--bind', laid, '/proc/stat']);
  const stop = each(200, write);
  return () => {
    stop();
    execFileSync('umount', ['/proc/stat']);
    closeSync(own);
  };
}

/** They end by themselves where this process cannot end them any more. */
const BUSY = 'const endMs = Date.now() + 60_000; while (Date.now() < endMs);';

/** Processes that never wait, in a control group beside everything else. */
export function busySibling(place: Place, processes: number): TakeOut {
  const group = place.group('busy');
  const busy = Array.from({ length: processes }, () =>
    spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }),
  );
  for (const { pid } of busy) if (pid !== undefined) group.add(pid);
  return () => {
    for (const one of busy) one.kill('SIGKILL');
  };
}

/** Stops a process for `stoppedMs` of each `everyMs`. */
export function stopAndGo(pid: number, stoppedMs: number, everyMs: number): TakeOut {
  let last: NodeJS.Timeout | undefined;
  const stop = each(everyMs, () => {
    process.kill(pid, 'SIGSTOP');
    last = setTimeout(() => process.kill(pid, 'SIGCONT'), stoppedMs);
  });
  return () => {
    stop();
    clearTimeout(last);
    process.kill(pid, 'SIGCONT');
  };
}

/** Lets the loopback of this network namespace carry so much; what does not fit waits up to `waitMs`. */
export function slowLoopback(mbitPerSec: number, waitMs: number): TakeOut {
  const tc = (...words: string[]): void => {
    execFileSync('tc', ['qdisc', ...words]);
  };
  // A packet of the loopback is up to 64 KiB: a smaller burst would pass none of them.
  tc(
    'add',
    'dev',
    'lo',
    'root',
    'tbf',
    'rate',
    `${mbitPerSec}mbit`,
    'burst',
    '70kb',
    'latency',
    `${waitMs}ms`,
  );
  return () => tc('del', 'dev', 'lo', 'root');
}

/** Kafka's own quota for all clients, by its own tool. */
export async function quota({ bench }: Place, bytesPerSec: number): Promise<TakeOut> {
  const { jars, bootstrapServers } = bench.cluster;
  const alter = async (...words: string[]): Promise<void> => {
    const who = ['--bootstrap-server', bootstrapServers, '--entity-type', 'clients', '--entity-default'];
    await runJava(['-cp', jars, 'kafka.admin.ConfigCommand', '--alter', ...who, ...words]);
  };
  await alter('--add-config', `producer_byte_rate=${bytesPerSec}`);
  return () => alter('--delete-config', 'producer_byte_rate');
}
