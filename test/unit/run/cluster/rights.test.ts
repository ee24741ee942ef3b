import * as assert from 'uvu/assert';
import type { RightsAnswer, RightsAnswers } from '../../../../bench/client/rights.ts';
import {
  findingOf,
  principalOf,
  type RightsSubject,
  rightsOf,
} from '../../../../bench/run/cluster/rights.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('rights');

const refused = (code: string, message = 'refused'): RightsAnswer => ({ code, message, operations: null });
const fine = (operations: string[] | null = null): RightsAnswer => ({ code: null, message: '', operations });
const absent = refused('ERR_UNKNOWN_TOPIC_OR_PART');
const topicDenied = refused('ERR_TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed');

const SUBJECT: RightsSubject = {
  principal: 'User:alice',
  bootstrapServers: 'kafka-1:9093',
  topicPrefix: 'ksweep-',
  groupPrefix: 'ksweep-',
  existing: null,
};
const EVERYTHING: RightsAnswers = {
  cluster: fine(['Create', 'Describe', 'IdempotentWrite']),
  topic: absent,
  create: fine(),
  group: absent,
};

const held = (answers: Partial<RightsAnswers>, subject: Partial<RightsSubject> = {}) =>
  Object.fromEntries(
    rightsOf({ ...EVERYTHING, ...answers }, { ...SUBJECT, ...subject }).map((one) => [one.right, one.held]),
  );
const remedyOf = (right: string, answers: Partial<RightsAnswers>, subject: Partial<RightsSubject> = {}) =>
  rightsOf({ ...EVERYTHING, ...answers }, { ...SUBJECT, ...subject }).find((one) => one.right === right)
    ?.remedy;

test('a topic that is not there answers for those that a run makes, as far as brokers tell', () => {
  assert.equal(held({}), {
    'describe the cluster': 'yes',
    'create topics': 'yes',
    'delete topics': 'not known',
    'describe topics': 'yes',
    write: 'not known',
    read: 'yes',
    'read with a group': 'yes',
    'write idempotently': 'yes',
    'write with a transactional.id': 'not known',
  });
});

test('who may do nothing is told how to get each right', () => {
  const denied = {
    cluster: fine([]),
    topic: topicDenied,
    create: topicDenied,
    group: refused('ERR_GROUP_AUTHORIZATION_FAILED'),
  };
  const rights = rightsOf(denied, SUBJECT);
  for (const { right, held, remedy } of rights) {
    if (right === 'write idempotently' || right.includes('transactional')) continue;
    assert.is(held, 'no', right);
    assert.match(
      remedy ?? '',
      /^kafka-acls\.sh --bootstrap-server kafka-1:9093 .*User:alice --operation \w+ --/,
    );
  }
  assert.match(
    remedyOf('create topics', denied) ?? '',
    /--operation Create --topic ksweep- --resource-pattern-type prefixed; .*existing: true/,
  );
  assert.match(remedyOf('read with a group', denied) ?? '', /--operation Read --group ksweep- --resource/);
});

test('a topic’s settings that the brokers refuse are no missing right, and are said to be', () => {
  const create = refused('ERR_INVALID_REPLICATION_FACTOR', 'three replicas are a must');
  const right = rightsOf({ ...EVERYTHING, create }, SUBJECT).find((one) => one.right === 'create topics');
  assert.is(right?.held, 'no');
  assert.match(right?.reason ?? '', /three replicas are a must/);
  assert.not.match(right?.remedy ?? '', /kafka-acls/);
});

test('what a client cannot ask is not known, with the reason, and never yes or no', () => {
  const untold = refused('ERR__NOT_IMPLEMENTED', 'the client has no such request');
  const rights = rightsOf({ ...EVERYTHING, cluster: untold, create: untold }, SUBJECT);
  for (const name of ['describe the cluster', 'create topics', 'write idempotently']) {
    const right = rights.find((one) => one.right === name);
    assert.is(right?.held, 'not known');
    assert.ok(right?.reason);
    assert.is(right?.remedy, null);
  }
  assert.is(held({ create: untold })['create topics'], 'yes', 'the cluster’s list has it');
});

test('a request that failed for another reason is not known', () => {
  const late = refused('ERR__TIMED_OUT', 'timed out');
  assert.equal(
    new Set(Object.values(held({ cluster: late, topic: late, create: late, group: late }))),
    new Set(['not known']),
  );
});

test('a group that may read and a topic that may not are told apart', () => {
  assert.is(held({ group: topicDenied })['read with a group'], 'yes');
  assert.is(held({ group: topicDenied })['read'], 'no');
});

test('an existing topic answers by its operations, and need be neither made nor deleted', () => {
  const subject = { existing: 'orders' };
  const answers = { create: null, topic: fine(['Describe', 'Write']), cluster: fine([]) };
  const seen = held(answers, subject);
  assert.is(seen['create topics'], undefined);
  assert.is(seen['delete topics'], undefined);
  assert.is(seen['write'], 'yes');
  assert.is(seen['write idempotently'], 'yes');
  assert.is(seen['read'], 'no');
  assert.match(remedyOf('read', answers, subject) ?? '', /--operation Read --topic orders$/);
});

test('a finding is bad where a run needs the right, and a warning where it does not', () => {
  const rights = rightsOf({ ...EVERYTHING, cluster: fine([]), create: topicDenied }, SUBJECT);
  const states = Object.fromEntries(rights.map(findingOf).map(({ check, state }) => [check, state]));
  assert.is(states['describe the cluster'], 'warning');
  assert.is(states['create topics'], 'bad');
  assert.is(states['describe topics'], 'good');
  assert.is(states['write'], 'unknown');
});

test('the principal is named where the settings tell it', () => {
  assert.is(principalOf({ 'sasl.username': 'alice', 'security.protocol': 'sasl_ssl' }), 'User:alice');
  assert.is(principalOf({}), 'User:ANONYMOUS');
  assert.is(principalOf({ 'security.protocol': 'ssl' }), 'User:NAME');
});

test.run();
