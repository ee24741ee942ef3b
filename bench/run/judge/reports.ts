import type { ConsumerDone, ProducerDone } from '../../load/protocol.ts';
import type { MeasuredProcess, Measurement } from './measurement.ts';

/** What the load processes reported at their ends. */
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
