import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { destroyPool, runTask } from '../../../../bench/common/pool.ts';
import { arrivalsOf, arrivalsTask } from '../../../../bench/corpus/sample/arrivals.ts';
import {
  type SampleOrigin,
  type SampleRecord,
  writeSample,
} from '../../../../bench/corpus/sample/sample-file.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('when a sample’s records came');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-sample-'));
test.after(async () => {
  await destroyPool();
  rmSync(dir, { recursive: true, force: true });
});

test('gaps stay, records of one millisecond are spread over it, and the rate stays where the pattern begins again', () => {
  const pattern = arrivalsOf([1000, 1000, 1002, 1003]);
  assert.equal([...(pattern?.offsetsUs ?? [])], [0, 500, 2000, 3000]);
  assert.is(pattern?.periodUs, 4000);
  assert.is(arrivalsOf([7, 7, 7]), undefined);
});

const origin: SampleOrigin = {
  topic: 'orders',
  partitions: 1,
  taken: 'end',
  takenAt: '2026-01-05T08:00:00.000Z',
  anonymized: false,
  topicRecords: 2,
  history: [],
};
const at = (timestampMs: number): SampleRecord => ({
  timestampMs,
  partition: 0,
  key: null,
  value: Buffer.from('x'),
  headers: [],
});

async function refusal(
  name: string,
  taken: SampleOrigin['taken'],
  timesMs: readonly number[],
): Promise<string> {
  const path = join(dir, name);
  await writeSample(path, { ...origin, taken }, timesMs.map(at));
  try {
    await runTask(arrivalsTask, path);
  } catch (error) {
    return (error as Error).message;
  }
  return assert.unreachable('it was accepted') as never;
}

test('a sample without a stretch of time is refused', async () => {
  assert.match(await refusal('even', 'evenly', [1, 2, 3]), /no stretch of time to replay/);
  assert.match(await refusal('one', 'end', [5, 5]), /tells no times/);
  assert.match(await refusal('none', 'end', [-1, 5]), /tells no times/);
});

test.run();
