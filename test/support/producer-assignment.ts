import type { ProducerAssignment } from '../../bench/load/protocol.ts';

/** One producer of stamped records, timed one by one; `changes` say what a test is about. */
export const producerAssignment = (changes: Partial<ProducerAssignment> = {}): ProducerAssignment => ({
  role: 'producer',
  name: 'producer-0',
  driver: 'confluent',
  index: 0,
  runTag: 1,
  topic: 't',
  partitions: 1,
  client: {},
  corpusId: '',
  keysId: null,
  headersId: null,
  seed: 1,
  headers: {},
  stamp: 'payload',
  timing: 'each',
  rate: 'max',
  phase: 0,
  queueLimit: 1_000,
  drainLimitMs: 3_000,
  recordLimit: null,
  transactionSize: null,
  ...changes,
});
