import type { ConsumerDone, ProducerDone } from '../../load/protocol.ts';
import type { CellWorkload } from '../../workload/plan.ts';
import type { MeasuredProcess, Measurement } from './measurement.ts';

/** What the generators reported at their ends. */
export interface Reports {
  readonly producers: readonly ProducerDone[];
  readonly all: readonly ProducerDone[];
  readonly consumers: readonly ConsumerDone[];
}

export function reportsOf(measurement: Measurement): Reports {
  const done = <D>(processes: readonly MeasuredProcess<D>[]): D[] =>
    processes.flatMap((process) => (process.done === null ? [] : [process.done]));
  const producers = done(measurement.producers);
  const backlog = measurement.backlog?.done ?? null;
  return {
    producers,
    all: backlog === null ? producers : [...producers, backlog],
    consumers: done(measurement.consumers),
  };
}

export function errorsOf(reports: Reports): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const done of [...reports.all, ...reports.consumers]) {
    for (const [code, count] of Object.entries(done.errorsByCode)) errors[code] = (errors[code] ?? 0) + count;
  }
  return errors;
}

export function refusalsOf(measurement: Measurement): string[] {
  return measurement.producers.flatMap(({ name, done }) => {
    const refused = done?.refused ?? null;
    return refused === null
      ? []
      : [`the client of ${name} took no more records: ${refused.message} (${refused.code})`];
  });
}

/** librdkafka's code for a consumer that did not poll for longer than max.poll.interval.ms, and left its group. */
const POLL_EXCEEDED = 'ERR__MAX_POLL_EXCEEDED';

/** Consumers that their groups put out because a handler took too long, in the words of who has to change it. */
export function pollExceeded({ consumers }: Measurement, workload: CellWorkload): string[] {
  const { 'max.poll.interval.ms': limitMs = 300_000, 'max.poll.records': records = 500 } = workload.consumer;
  return consumers.flatMap(({ name, done }) => {
    const times = done?.errorsByCode[POLL_EXCEEDED] ?? 0;
    if (times === 0) return [];
    const often = times === 1 ? 'once' : `${times} times`;
    return [
      `${name} did not poll for longer than max.poll.interval.ms (${limitMs}) and lost its place in the group ${often}: ` +
        `max.poll.records (${records}) × consumers.handler (${workload.consumers.handler} ms) ÷ consumers.concurrency (${workload.consumers.concurrency}) has to be below it`,
    ];
  });
}
