import { NOT_OF_SHARE_GROUPS } from '../client/properties/share-group.ts';
import { type Problem, wrongValue } from '../common/yaml/issues.ts';
import type { CellWorkload } from './plan.ts';

const RESET = 'share.auto.offset.reset';

/** What a share group cannot have, and what only a share group has. */
export function shareProblems({ consumers, consumer, topic, disruptions }: CellWorkload): Problem[] {
  const problems: Problem[] = [];
  if (consumers.type !== 'share') {
    for (const key of ['release', 'reject'] as const) {
      if (consumers[key] > 0) {
        problems.push(wrongValue(['consumers', key], 'only a share group has it: set consumers.type: share'));
      }
    }
    for (const key of Object.keys(consumers.groupConfigs)) {
      if (key.startsWith('share.')) {
        const message = 'is a config of share groups: set consumers.type: share';
        problems.push(wrongValue(['consumers', 'groupConfigs', key], message));
      }
    }
    return problems;
  }
  if (consumers.release + consumers.reject > 1) {
    const message = `with consumers.reject (${consumers.reject}) more than all deliveries: at most 1 together`;
    problems.push(wrongValue(['consumers', 'release'], message));
  }
  // A member of a share group has no position that could be placed at this run's first record.
  if (topic.existing) {
    const message = 'a share group begins where the brokers put it: leave topic.existing out';
    problems.push(wrongValue(['topic', 'existing'], message));
  }
  if (consumers.groupConfigs[RESET] !== undefined && consumers.groupConfigs[RESET] !== 'earliest') {
    const message = 'has to be earliest: the group would miss what comes before its first fetch';
    problems.push(wrongValue(['consumers', 'groupConfigs', RESET], message));
  }
  for (const key of NOT_OF_SHARE_GROUPS) {
    if (consumer[key] !== undefined) {
      problems.push(wrongValue(['consumer', key], 'a share group has no such setting: leave it out'));
    }
  }
  for (const [index, { action }] of disruptions.entries()) {
    if (action !== 'kill-consumer') continue;
    const message =
      'what a killed member of a share group had acknowledged is not known, so loss could not be counted: use stop-consumer';
    problems.push(wrongValue(['disruptions', index, 'action'], message));
  }
  return problems;
}
