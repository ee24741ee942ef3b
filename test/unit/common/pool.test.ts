import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { closePool, runTask } from '../../../bench/common/pool.ts';
import { keysTask } from '../../../bench/corpus/keys.ts';
import { userRecordsTask } from '../../../bench/corpus/user-records.ts';
import { suite } from '../../support/suite.ts';

const test = suite('pool');
test.after(closePool);

test('a task runs in a thread and its result comes back', async () => {
  const keys = await runTask(keysTask, { spec: { distribution: 'round-robin', cardinality: 3 }, seed: 1 });
  assert.equal([...keys.sequence], [0, 1, 2]);
});

test('an error for the user keeps its code, message, hint and exit status', async () => {
  try {
    await runTask(userRecordsTask, { path: '/nonexistent/records', format: 'lines', limitBytes: 1 });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KsweepError);
    const { code, message, hint, exitStatus } = error as KsweepError;
    assert.is(code, 'workload-invalid');
    assert.match(message, /does not exist/);
    assert.match(hint ?? '', /relative to the workload file/);
    assert.is(exitStatus, 1);
  }
});

test('any other error stays a defect', async () => {
  try {
    await runTask(keysTask, { spec: { distribution: 'uniform', cardinality: -1 }, seed: 1 });
    assert.unreachable();
  } catch (error) {
    assert.not.instance(error, KsweepError);
    assert.instance(error, RangeError);
  }
});

test('the pool can be closed, twice, and starts again', async () => {
  await closePool();
  await closePool();
  const keys = await runTask(keysTask, { spec: { distribution: 'round-robin', cardinality: 2 }, seed: 1 });
  assert.is(keys.sequence.length, 2);
});

test.run();
