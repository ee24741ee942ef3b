import { nearest } from '../common/nearest.ts';
import type { Problem } from '../common/yaml/issues.ts';
import type { Workload } from './schema.ts';

/** Kafka 4.3's topic configs, and the two that 3.9 has besides. */
const TOPIC_CONFIGS: readonly string[] = [
  'cleanup.policy',
  'compression.gzip.level',
  'compression.lz4.level',
  'compression.type',
  'compression.zstd.level',
  'delete.retention.ms',
  'file.delete.delay.ms',
  'flush.messages',
  'flush.ms',
  'follower.replication.throttled.replicas',
  'index.interval.bytes',
  'leader.replication.throttled.replicas',
  'local.retention.bytes',
  'local.retention.ms',
  'max.compaction.lag.ms',
  'max.message.bytes',
  'message.downconversion.enable',
  'message.format.version',
  'message.timestamp.after.max.ms',
  'message.timestamp.before.max.ms',
  'message.timestamp.type',
  'min.cleanable.dirty.ratio',
  'min.compaction.lag.ms',
  'min.insync.replicas',
  'preallocate',
  'remote.log.copy.disable',
  'remote.log.delete.on.disable',
  'remote.storage.enable',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
  'segment.index.bytes',
  'segment.jitter.ms',
  'segment.ms',
  'unclean.leader.election.enable',
];

/** Misspelt topic configs. What resembles none may be a vendor's own: its broker knows. */
export function topicConfigProblems({ configs }: Workload['topic']): Problem[] {
  return Object.keys(configs).flatMap((name): Problem[] => {
    if (TOPIC_CONFIGS.includes(name)) return [];
    const guess = nearest(name, TOPIC_CONFIGS);
    if (guess === undefined) return [];
    return [
      {
        path: ['topic', 'configs', name],
        at: 'key',
        message: `is not a topic config of Kafka; did you mean ${guess}?`,
      },
    ];
  });
}
