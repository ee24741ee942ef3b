import * as assert from 'uvu/assert';
import { workloadNotes } from '../../../../bench/run/judge/workload-notes.ts';
import { workloadSchema } from '../../../../bench/workload/schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('notes on a workload');

const codes = (input: object): string[] =>
  workloadNotes(workloadSchema.parse({ name: 'x', ...input })).map(({ code }) => code);

test('acks=0 acknowledges nothing, and says so', () => {
  assert.equal(codes({ producer: { acks: '0' } }), ['acks-0']);
  assert.equal(codes({ producer: { acks: 0 } }), ['acks-0']);
  assert.equal(codes({ producer: { acks: 1 } }), []);
  assert.equal(codes({}), []);
  assert.equal(codes({ producer: { acks: 0 }, load: { producers: 0 } }), []);
});

test.run();
