import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { answersFrom } from '../../../../bench/cli/init/ask.ts';
import { TOPIC_NAMES, TOPICS } from '../../../../bench/cli/init/questions.ts';
import { nameFrom, workloadText } from '../../../../bench/cli/init/workload-text.ts';
import { loadWorkload } from '../../../../bench/workload/load.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('ksweep init');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-init-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));
const records = join(dir, 'a "file" of: records.ndjson');
writeFileSync(records, '{"a":1}\n');

const none = (): boolean => false;
const silent = (): void => {};

test('whatever is answered, the workload is valid and holds the answers', () => {
  for (const about of TOPIC_NAMES) {
    for (const load of about === 'highest-rate' ? ['500ms', '1s'] : ['5000/s', '20MB/s', 'max']) {
      for (const payload of [null, records]) {
        const answers = { about, load, records: '512', partitions: '12', repeats: '3' };
        const file = join(dir, 'made.yaml');
        writeFileSync(file, workloadText(answers, nameFrom('made.yaml'), payload));
        const { workload, plan } = loadWorkload(file);
        assert.is(workload.name, 'made');
        assert.is(workload.topic.partitions, 12);
        assert.is(workload.repeats, 3);
        assert.is(workload.records.payload.source, payload === null ? 'json' : 'file');
        assert.is(plan.repeats.length, plan.cells.length * 3);
        assert.is(plan.cells.length > 1, about !== 'highest-rate', about);
        assert.ok(readFileSync(file, 'utf8').includes(TOPICS[about]));
      }
    }
  }
});

test('five questions, asked again until the answer is one; what was given is not asked', async () => {
  const asked: string[] = [];
  const said: string[] = [];
  const typed = ['7', '2', 'fast', '', 'nothing.txt', '1KiB', '0', '4', ''];
  const ask = async (prompt: string): Promise<string> => {
    asked.push(prompt);
    return typed.shift() ?? '';
  };
  const answers = await answersFrom({}, none, ask, (line) => said.push(line));
  assert.equal(answers, {
    about: 'codecs',
    load: '5000/s',
    records: '1KiB',
    partitions: '4',
    repeats: '5',
  });
  assert.is(new Set(asked).size, 5);
  assert.is(said.length, 4);
  const rest: string[] = [];
  const given = { about: 'highest-rate', partitions: '3', repeats: '1' };
  await answersFrom(
    given,
    none,
    async (prompt) => {
      rest.push(prompt);
      return '';
    },
    silent,
  );
  assert.is(rest.length, 2);
  assert.match(rest[0] ?? '', 'p99');
});

test('without a terminal the usual answers stand in, and a wrong one is refused by its option', async () => {
  const { load, repeats } = await answersFrom({ about: 'batching' }, none, null, silent);
  assert.equal([load, repeats], ['5000/s', '5']);
  for (const [given, message] of [
    [{ about: 'codecs', load: 'fast' }, /^--load fast: expected a rate/],
    [{ about: 'codecs', records: 'gone.txt' }, /^--records gone\.txt: .*no file/],
    [{ about: 'codecs', partitions: '0' }, /^--partitions 0: expected a whole number/],
  ] as const) {
    let told = '';
    await answersFrom(given, none, null, silent).catch((error: Error) => {
      told = error.message;
    });
    assert.match(told, message);
  }
});

test('a file’s name becomes a workload’s', () => {
  assert.equal(['My sweep.yaml', 'a.b.yml', '…'].map(nameFrom), ['my-sweep', 'a-b', 'workload']);
});

test.run();
