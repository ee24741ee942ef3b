import * as assert from 'uvu/assert';
import { operationNames } from '../../../bench/client/acl-operations.ts';
import { type AdminClient, ClientError } from '../../../bench/client/driver.ts';
import { askRights } from '../../../bench/client/rights.ts';
import { suite } from '../../support/suite.ts';

const test = suite('asking for rights');

const probe = { name: 'ksweep-doctor-1', partitions: 1, replicationFactor: 1, configs: {} };

/** Answers what a broker would, and notes what it was asked. */
function admin(asked: string[]): AdminClient {
  return {
    clusterOperations: async () => ['Describe'],
    topicOperations: async (name: string) => {
      asked.push(`describe ${name}`);
      return ['Read'];
    },
    validateTopic: async ({ name }: { name: string }) => {
      asked.push(`validate ${name}`);
    },
    commitOffsets: async (group: string, topic: string) => {
      asked.push(`commit ${group} ${topic}`);
      throw new ClientError('ERR_GROUP_AUTHORIZATION_FAILED', 'no');
    },
  } as unknown as AdminClient;
}

test('no request names a topic that exists, and none makes one', async () => {
  const asked: string[] = [];
  const answers = await askRights(admin(asked), { probe, existing: null, group: 'g' }, 1000);
  assert.equal(asked, ['describe ksweep-doctor-1', 'validate ksweep-doctor-1', 'commit g ksweep-doctor-1']);
  assert.equal(answers.cluster, { code: null, message: '', operations: ['Describe'] });
  assert.is(answers.group.code, 'ERR_GROUP_AUTHORIZATION_FAILED');
});

test('an existing topic is described and nothing else', async () => {
  const asked: string[] = [];
  const answers = await askRights(admin(asked), { probe, existing: 'orders', group: 'g' }, 1000);
  assert.equal(asked, ['describe orders', 'commit g ksweep-doctor-1']);
  assert.is(answers.create, null);
});

test('operations have the names of kafka-acls', () => {
  assert.equal(operationNames([3, 5, 12, 99]), ['Read', 'Create', 'IdempotentWrite', 'Unknown']);
  assert.is(operationNames(null), null);
});

test.run();
