import { formatDuration } from '../../common/terminal.ts';
import type { HostSecond } from '../../host/second.ts';
import type { IntervalSnapshot } from '../../load/protocol.ts';
import { addEncoded } from '../../results/encoded-histogram.ts';
import { formatUnit } from '../../results/figure-units.ts';
import { type Histogram, newHistogram, percentileUs } from '../../results/histogram.ts';
import type { LatencyName } from '../../results/latency.ts';
import { LATENCY_LABEL } from '../../results/metrics.ts';
import type { Progress } from '../measure/progress.ts';
import { encodedOf, type LastSecond } from './last-second.ts';

/** From here on a figure of the generator or of its host is worth a warning; the verdicts' own limits are tighter. */
const BUSY_SHARE = 0.9;
const LATE_LOOP_US = 50_000;
const STOLEN_SHARE = 0.01;
const BAR = 20;
const SHOWN = ['due-to-ack', 'end-to-end'] as const satisfies readonly LatencyName[];

/** What the measured window of the repeat under way holds so far, for the lines under the progress of a run. */
export class LiveView {
  #place = '';
  #phase = '';
  readonly #soFar = new Map<LatencyName, Histogram>();
  #host: HostSecond | null = null;

  onProgress({ cellId, block, attempt, phase }: Progress): void {
    const place = `${cellId} ${block} ${attempt}`;
    // A probe of a search begins its phases anew, in the same place.
    if (place !== this.#place || (phase === 'measure' && this.#phase !== 'measure')) this.#soFar.clear();
    this.#place = place;
    this.#phase = phase;
  }

  onSnapshot(snapshot: IntervalSnapshot): void {
    if (this.#phase !== 'measure') return;
    for (const name of SHOWN) {
      for (const encoded of encodedOf(snapshot, name)) {
        const merged = this.#soFar.get(name) ?? newHistogram();
        addEncoded(merged, encoded);
        this.#soFar.set(name, merged);
      }
    }
  }

  onHost(second: HostSecond): void {
    this.#host = second;
  }

  /** A line for the plan, the rates, the latency so far, the generator and this host: those that have something to say. */
  lines(progress: Progress, last: LastSecond | null): string[] {
    return [
      planLine(progress),
      ratesLine(last),
      this.#latencyLine(),
      generatorLine(last),
      hostLine(this.#host),
    ].filter((line) => line !== '');
  }

  #latencyLine(): string {
    const parts = SHOWN.flatMap((name) => {
      const histogram = this.#soFar.get(name);
      if (histogram === undefined) return [];
      const [p50, p99] = (['p50', 'p99'] as const).map((one) => percentileUs(histogram, one));
      if (p50 === null || p50 === undefined) return [];
      const tail = p99 === null || p99 === undefined ? '' : `, p99 ${formatUnit(p99, 'us')}`;
      return [`${LATENCY_LABEL[name]} p50 ${formatUnit(p50, 'us')}${tail}`];
    });
    return parts.length === 0 ? '' : `  latency so far  ${parts.join(' · ')}`;
  }
}

function planLine({ finished, total, leftMs }: Progress): string {
  const full = total === 0 ? 0 : Math.round((finished / total) * BAR);
  return `  plan            ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${finished} of ${total} repeats done, ${formatDuration(leftMs)} left`;
}

function ratesLine(last: LastSecond | null): string {
  if (last === null) return '';
  const { produced, consumed } = last;
  const rate = (perSec: number): string => formatUnit(perSec, 'perSec');
  const parts = [
    ...(produced === null
      ? []
      : [
          // After the load nothing is due any more.
          produced.offeredPerSec === 0
            ? `achieved ${rate(produced.achievedPerSec)}`
            : `achieved ${rate(produced.achievedPerSec)} of ${rate(produced.offeredPerSec)} offered`,
        ]),
    ...(consumed === null ? [] : [`received ${rate(consumed.receivedPerSec)}`]),
    ...(consumed === null || consumed.lagRecords === null
      ? []
      : [`lag ${formatUnit(consumed.lagRecords, 'records')}`]),
  ];
  return parts.length === 0 ? '' : `  last second     ${parts.join(' · ')}`;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const marked = (bad: boolean, text: string): string => (bad ? `! ${text}` : text);

function generatorLine(last: LastSecond | null): string {
  if (last === null) return '';
  const { produced, eventLoopDelayP99Us, cpuMaxShare } = last;
  const parts = [
    marked(cpuMaxShare >= BUSY_SHARE, `busiest ${percent(cpuMaxShare)} of a core`),
    marked(
      eventLoopDelayP99Us >= LATE_LOOP_US,
      `event loop late by ${formatUnit(eventLoopDelayP99Us, 'us')}`,
    ),
    ...(produced === null || produced.queueFullMs === 0
      ? []
      : [`client queue full for ${formatUnit(produced.queueFullMs, 'ms')}`]),
  ];
  return `  generators      ${parts.join(' · ')}`;
}

function hostLine(host: HostSecond | null): string {
  if (host === null) return '';
  const { idleShare, stolenShare, throttledPeriodShare } = host;
  const parts = [
    ...(idleShare === null
      ? []
      : [marked(1 - idleShare >= BUSY_SHARE, `CPU ${percent(1 - idleShare)} in use`)]),
    ...(stolenShare === null ? [] : [marked(stolenShare >= STOLEN_SHARE, `${percent(stolenShare)} stolen`)]),
    ...(throttledPeriodShare === null
      ? []
      : [marked(throttledPeriodShare > 0, `CPU limit met in ${percent(throttledPeriodShare)} of periods`)]),
  ];
  return parts.length === 0 ? '' : `  this host       ${parts.join(' · ')}`;
}
