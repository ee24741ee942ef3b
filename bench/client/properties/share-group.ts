import type { Scalar } from '../../common/scalar.ts';

/**
 * Consumer settings that members of a share group do not have: the brokers assign, and records are acknowledged one by
 * one (KIP-932). librdkafka refuses them (CONFIGURATION.md, "not supported for share consumers").
 */
export const NOT_OF_SHARE_GROUPS: readonly string[] = [
  'allow.auto.create.topics',
  'auto.commit.interval.ms',
  'auto.offset.reset',
  'enable.auto.commit',
  'enable.partition.eof',
  'fetch.error.backoff.ms',
  'fetch.queue.backoff.ms',
  'group.instance.id',
  'group.protocol',
  'group.remote.assignor',
  'heartbeat.interval.ms',
  'isolation.level',
  'partition.assignment.strategy',
  'queued.max.messages.kbytes',
  'queued.min.messages',
  'session.timeout.ms',
];

/** What is left of a consumer's settings for a member of a share group. */
export function forShareGroup(settings: Readonly<Record<string, Scalar>>): Record<string, Scalar> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !NOT_OF_SHARE_GROUPS.includes(name)));
}
