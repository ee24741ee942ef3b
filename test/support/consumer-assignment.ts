import type { ConsumerAssignment } from '../../bench/load/protocol.ts';

/** One consumer of one producer's stamped records, without a handler; `changes` say what a test is about. */
export const consumerAssignment = (changes: Partial<ConsumerAssignment> = {}): ConsumerAssignment => ({
  role: 'consumer',
  name: 'consumer-0-0',
  driver: 'confluent',
  group: 'g',
  runTag: 1,
  topic: 't',
  client: {},
  stamp: 'payload',
  producers: 1,
  maxPollRecords: 500,
  handlerMs: 0,
  concurrency: 1,
  paused: false,
  checkSequence: true,
  ...changes,
});
