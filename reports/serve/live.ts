import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatUnit } from '../../bench/results/figure-units.ts';
import { LIVE_FILE, type LiveSecond, parseLiveSeconds } from '../../bench/results/live-second.ts';
import { LATENCY_LABEL } from '../../bench/results/metrics.ts';

/** What the page is told of seconds that it does not know yet. */
export interface LiveEvent {
  /** Whether a new process took the run up: what was drawn before is another one's. */
  readonly anew: boolean;
  /** Age of the newest second as this machine sees it, ms. */
  readonly ageMs: number;
  readonly seconds: readonly LiveSecond[];
  /** The newest second in words. */
  readonly now: readonly (readonly [name: string, text: string])[];
}

/** Reads the seconds of a run under way as they come. */
export class LiveReader {
  readonly #path: string;
  #stamp = '';
  #seq = -1;

  constructor(dir: string) {
    this.#path = join(dir, LIVE_FILE);
  }

  /** null where there is nothing new. */
  async next(nowMs: number): Promise<LiveEvent | null> {
    const facts = await stat(this.#path).catch(() => null);
    if (facts === null) return null;
    const stamp = `${facts.ino} ${facts.size} ${facts.mtimeMs}`;
    if (stamp === this.#stamp) return null;
    this.#stamp = stamp;
    const all = parseLiveSeconds(await readFile(this.#path, 'utf8').catch(() => ''));
    const newest = all.at(-1);
    if (newest === undefined) return null;
    const anew = newest.seq < this.#seq;
    const seconds = anew ? all : all.filter(({ seq }) => seq > this.#seq);
    this.#seq = newest.seq;
    if (seconds.length === 0) return null;
    return { anew, ageMs: Math.max(0, nowMs - Date.parse(newest.at)), seconds, now: inWords(newest) };
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

function inWords(one: LiveSecond): [string, string][] {
  const show = (value: number | null, text: (value: number) => string): string =>
    value === null ? '–' : text(value);
  const rate = (value: number | null) => show(value, (known) => formatUnit(known, 'perSec'));
  const time = (value: number | null) => show(value, (known) => formatUnit(known, 'us'));
  const share = (value: number | null) => show(value, percent);
  return [
    ['Repeat', `${one.cell}, block ${one.block}${one.attempt > 0 ? ', again' : ''}`],
    ['Phase', one.phase],
    ['Achieved of offered', `${rate(one.achievedPerSec)} of ${rate(one.offeredPerSec)}`],
    ['Received', rate(one.receivedPerSec)],
    ['Consumer lag', show(one.lagRecords, (known) => formatUnit(known, 'records'))],
    [
      `${one.latency === null ? 'Latency' : LATENCY_LABEL[one.latency]} p50, p99`,
      `${time(one.p50Us)}, ${time(one.p99Us)}`,
    ],
    ['Busiest generator', `${share(one.cpuMaxShare)} of a core`],
    ['Event loop late by', time(one.eventLoopDelayP99Us)],
    ['Records not yet taken', show(one.unsentRecords, (known) => formatUnit(known, 'records'))],
    ['Client queue full for', show(one.queueFullMs, (known) => formatUnit(known, 'ms'))],
    ['CPU of this host', share(one.hostCpuShare)],
    ['Stolen from this host', share(one.hostStolenShare)],
  ];
}
