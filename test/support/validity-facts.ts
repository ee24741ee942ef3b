import type { ValidityFacts } from '../../bench/run/judge/validity.ts';
import { countsOf } from './counts.ts';

/** A repeat with nothing amiss. */
export const validityFacts: ValidityFacts = {
  rate: {
    kind: 'fixed',
    offeredPerSec: 1_000,
    achievedPerSec: 1_000,
    achievedBytesPerSec: 1e6,
    receivedPerSec: 1_000,
    receivedBytesPerSec: 1e6,
    achievedOverOffered: 1,
  },
  counts: countsOf(10_000),
  steady: true,
  lagGrowing: false,
  latencyUs: { 'due-to-ack': null, 'sent-to-ack': null, 'due-to-sent': null, 'end-to-end': null },
  generator: { eventLoopDelayP99Us: 0, eventLoopDelayMaxUs: 0, cpuMaxPercent: 50, queueFullMs: 0 },
  hosts: [],
  hostAtLimit: null,
  hostsNeeded: '',
  windowSec: 10,
  producers: 1,
  drainMissing: [],
  refused: [],
  disrupted: false,
  transactional: false,
  hasBacklog: false,
  consumers: 1,
  sharedTopic: false,
  pollExceeded: [],
};
