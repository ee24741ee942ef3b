import * as assert from 'uvu/assert';
import { onceCoordinated } from '../../../../bench/client/confluent/coordinated.ts';
import { ClientError } from '../../../../bench/client/driver.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('asking a group’s coordinator');

/** Fails with each code in turn, and then answers how often it was asked. */
function answering(...codes: string[]): { ask: () => Promise<number>; asked: () => number } {
  let asked = 0;
  const ask = async (): Promise<number> => {
    const code = codes[asked++];
    if (code !== undefined) throw new ClientError(code, `told ${code}`);
    return asked;
  };
  return { ask, asked: () => asked };
}

test('asks again while the coordinator loads, moves or is not found yet', async () => {
  const { ask } = answering(
    'ERR_GROUP_LOAD_IN_PROGRESS',
    'ERR_NOT_COORDINATOR',
    'ERR_COORDINATOR_NOT_AVAILABLE',
  );
  assert.is(await onceCoordinated(10_000, ask), 4);
});

test('throws any other refusal at once', async () => {
  const { ask, asked } = answering('ERR_GROUP_AUTHORIZATION_FAILED');
  await onceCoordinated(10_000, ask).then(
    () => assert.unreachable(),
    (error: unknown) => assert.is((error as ClientError).code, 'ERR_GROUP_AUTHORIZATION_FAILED'),
  );
  assert.is(asked(), 1);
});

test('and the last refusal when the time is over', async () => {
  const { ask, asked } = answering(...Array.from({ length: 9 }, () => 'ERR_COORDINATOR_LOAD_IN_PROGRESS'));
  await onceCoordinated(150, ask).then(
    () => assert.unreachable(),
    (error: unknown) => assert.match((error as Error).message, 'told ERR_COORDINATOR_LOAD_IN_PROGRESS'),
  );
  assert.ok(asked() <= 2);
});

test.run();
