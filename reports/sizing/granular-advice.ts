import { formatNumber } from '../../bench/common/format-number.ts';
import { lostOf } from './formulas/failures.ts';
import type { GranularProblem, GranularSolution } from './granular.ts';
import { whyNotSurvived } from './input/demand.ts';
import { UNKNOWN_START } from './partitions.ts';
import type { Note } from './report.ts';

/** The rules of the user's Kafka notes, each where it applies to a pipeline. */
export function granularAdvice(
  { demand, failures, zones }: GranularProblem,
  { topics }: GranularSolution,
): Note[] {
  const notes: Note[] = [];
  const say = (code: string, text: string) => notes.push({ code, text });
  for (const producer of demand.producers) {
    if (producer.replicationFactor < 3) {
      const fits =
        producer.replicationFactor === 1 ? 'tests and development' : 'data of which a little may be lost';
      say(
        'replication-factor',
        `${producer.name}: replication factor ${producer.replicationFactor} is for ${fits}; where no record may be lost, use 3.`,
      );
    }
  }
  for (const { name, replicationFactor } of topics) {
    const lost = lostOf(replicationFactor, failures, zones);
    if (lost > 0 && lost >= replicationFactor) {
      say(
        'copies-lost',
        `${name}: the brokers that may be lost can hold ${replicationFactor === 1 ? 'its only copy' : `all its ${replicationFactor} copies`}; the cluster then carries the rest of the load, and not this topic.`,
      );
    }
  }
  const counts = topics.map((topic) => topic.partitionsWithHeadroom.peakWithGrowth ?? 0);
  const most = Math.max(0, ...counts);
  if (most >= 1000) {
    say(
      'many-partitions',
      `${formatNumber(most)} partitions for one topic come from the processing time: handling several events at a time (concurrency), or in batches, needs far fewer.`,
    );
  }
  const small = topics.filter((_, i) => (counts[i] ?? 0) <= UNKNOWN_START && (counts[i] ?? 0) > 0);
  if (small.length > 0) {
    say(
      'start-small',
      `${small.map((topic) => topic.name).join(', ')}: start small and grow with the lag: records without keys lose nothing when partitions are added.`,
    );
  }
  say('never-shrink', 'A partition count can be raised at any time and never lowered.');
  const grows = demand.producers.some((producer) => producer.growth > 1);
  say(
    'keys-remap',
    grows
      ? 'Adding partitions sends keys to other partitions and breaks their order across the change: create topics with keys with the partitions of "peak with growth" from the start.'
      : 'Adding partitions sends keys to other partitions and breaks their order across the change: state the growth of producers with keys to have it covered from the start.',
  );
  return notes;
}

/** Topics that survive the failures by their copies, and whose producers with acks=all stop all the same. */
export function inSyncWarnings({ demand, failures, zones }: GranularProblem): Note[] {
  return demand.producers.flatMap(({ name, replicationFactor, minInsyncReplicas }): Note[] => {
    const lost = lostOf(replicationFactor, failures, zones);
    const reason = whyNotSurvived(replicationFactor, minInsyncReplicas, failures, zones);
    return reason === null || lost >= replicationFactor
      ? []
      : [{ code: 'in-sync-lost', text: `${name}: ${reason}` }];
  });
}

/** Partitions that readers ask for beyond what a run has measured: nobody has seen what so many carry. */
export function sweepWarnings({ capacity }: GranularProblem, { topics }: GranularSolution): Note[] {
  const largest = Math.max(0, ...capacity.points.map((point) => point.partitions));
  if (largest === 0) return [];
  const beyond = topics.filter(
    (topic) =>
      (topic.partitionsWithHeadroom.peakWithGrowth ?? 0) > (capacity.model?.maxPartitions ?? largest),
  );
  if (beyond.length === 0) return [];
  return [
    {
      code: 'beyond-the-sweep',
      text: `${beyond.map((topic) => topic.name).join(', ')}: readers ask for more partitions than the ${largest} that were measured at most; throughput may fall there: sweep further`,
    },
  ];
}
