import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import type { HalvingRecord } from '../../../../bench/results/design.ts';
import type { RepeatResult } from '../../../../bench/results/result.ts';
import {
  bestCells,
  expectedRepeats,
  halvingRepeats,
  halvingRounds,
  type Scored,
} from '../../../../bench/workload/design/halving.ts';
import { Rounds } from '../../../../bench/workload/design/rounds.ts';
import { resolveWorkload } from '../../../../bench/workload/load.ts';
import { type Cell, planCells } from '../../../../bench/workload/plan.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('successive halving');
const record: HalvingRecord = {
  kind: 'halving',
  fullCells: 64,
  blocks: 8,
  metric: 'due-to-ack p99',
  keep: 0.5,
  finalists: 2,
};

test('every block belongs to one round, and no round has more cells than the one before', () => {
  const random = createRandom(5);
  for (let i = 0; i < 500; i++) {
    const [cells, blocks] = [1 + random.int(200), 1 + random.int(12)];
    const keep = 0.1 + 0.8 * random.next();
    const finalists = 1 + random.int(5);
    const rounds = halvingRounds(cells, blocks, { keep, finalists });
    assert.is(rounds[0]?.from, 0);
    assert.is(rounds[0]?.cells, cells);
    assert.is(rounds.at(-1)?.to, blocks);
    for (const [index, round] of rounds.entries()) {
      const next = rounds[index + 1];
      assert.ok(round.to > round.from && (next === undefined || next.from === round.to));
      assert.ok(
        next === undefined || (next.cells <= round.cells && next.cells >= Math.min(finalists, round.cells)),
      );
    }
    assert.ok(halvingRepeats(rounds) <= cells * blocks);
  }
});

/** A cost that has one best cell among 64, each axis and one interaction in it, in slow and fast blocks. */
function surface(seed: number, noise: number) {
  const random = createRandom(seed);
  const cells = Array.from({ length: 64 }, (_, i) => `cell-${i}`);
  const best = random.int(64);
  const cost = (id: string): number => {
    const at = Number(id.slice(5));
    const [x, y] = [Math.abs((at % 8) - (best % 8)), Math.abs(Math.floor(at / 8) - Math.floor(best / 8))];
    return 10 * (1 + 0.15 * x + 0.1 * y + 0.03 * x * y);
  };
  const gauss = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const levels = Array.from({ length: 8 }, () => Math.exp(0.2 * gauss()));
  return {
    cells,
    best: `cell-${best}`,
    cost,
    measure: (id: string, block: number) => cost(id) * (levels[block] ?? 1) * Math.exp(noise * gauss()),
  };
}

test('finds the best of a simulated surface, or one next to it, for a third of the repeats', () => {
  const rounds = halvingRounds(64, 8, record);
  const saved = 1 - halvingRepeats(rounds) / (64 * 8);
  assert.ok(saved > 0.6, `saves ${saved}`);
  let exact = 0;
  let near = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { cells, best, cost, measure } = surface(seed, 0.1);
    let running: string[] = cells;
    const figures: Scored[] = [];
    for (const { cells: count, from, to } of rounds) {
      running = bestCells(running, figures, 'lower-is-better', count);
      for (let block = from; block < to; block++) {
        for (const cellId of running) figures.push({ cellId, block, value: measure(cellId, block) });
      }
    }
    const [winner = ''] = bestCells(running, figures, 'lower-is-better', 1);
    if (winner === best) exact++;
    if (cost(winner) <= 1.16 * cost(best)) near++;
  }
  assert.ok(exact >= 120, `the very best in ${exact} of 200`);
  assert.ok(near >= 195, `within 16 % in ${near} of 200`);
});

test('a cell without any figure is dropped first, and a slow block harms only those it should', () => {
  const figures = [
    { cellId: 'a', block: 0, value: 10 },
    { cellId: 'b', block: 0, value: 12 },
    { cellId: 'a', block: 1, value: 40 },
    { cellId: 'c', block: 1, value: 36 },
  ];
  assert.equal(bestCells(['a', 'b', 'c', 'd'], figures, 'lower-is-better', 3).includes('d'), false);
  assert.equal(bestCells(['a', 'b'], figures, 'higher-is-better', 1), ['b']);
});

const cell = (id: string): Cell => ({ id, label: id, settings: {}, workload: {} as Cell['workload'] });
const result = (cellId: string, block: number, p99: number): RepeatResult =>
  ({
    cellId,
    block,
    outcome: 'valid',
    latencyUs: { 'due-to-ack': { percentilesUs: { p99 } } },
  }) as unknown as RepeatResult;

test('a plan is walked by its rounds, and what was decided stays so when a cut-off run goes on', () => {
  const cells = ['a', 'b', 'c', 'd'].map(cell);
  const plan = {
    ...planCells(cells, [], 4, 1),
    design: { ...record, fullCells: 4, blocks: 4, finalists: 1 },
  };
  assert.is(expectedRepeats(plan).length, 4 + 2 + 1 + 1);
  const rounds = new Rounds(plan);
  const first = cells.map(({ id }, i) => result(id, 0, 1000 * (i + 1)));
  assert.is(rounds.enter(0, []), null);
  assert.equal(rounds.enter(1, first), { block: 1, kept: ['a', 'b'], dropped: ['c', 'd'] });
  assert.is(rounds.enter(1, first), null);
  assert.ok(rounds.drops({ cellId: 'c', block: 3 }) && !rounds.drops({ cellId: 'c', block: 0 }));

  const resumed = new Rounds(plan);
  resumed.remember([{ type: 'round', block: 1, kept: ['c', 'd'], dropped: ['a', 'b'] }]);
  assert.is(resumed.enter(1, first), null);
  const second = [...first, result('c', 1, 900), result('d', 1, 5000)];
  assert.equal(resumed.enter(2, second), { block: 2, kept: ['c'], dropped: ['d'] });
});

test('what cannot be halved is refused with the reason', () => {
  const refusal = (more: Record<string, unknown>): string => {
    let told = '';
    const input = {
      name: 'x',
      load: { rate: 100 },
      repeats: 4,
      sweep: { axes: { 'linger.ms': [0, 5, 10] }, design: { halving: more['halving'] ?? {} } },
      ...more,
    };
    delete (input as Record<string, unknown>)['halving'];
    try {
      resolveWorkload(input, '.', (problems) => {
        told = problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
        throw new Error(told);
      });
    } catch (error) {
      return (error as Error).message;
    }
    return told;
  };
  assert.is(refusal({}), '');
  assert.match(refusal({ repeats: 1 }), /sweep\.design: halving needs 2 repeats/);
  assert.match(refusal({ halving: { metric: 'due-to-ack p98' } }), /not a metric/);
  assert.match(refusal({ load: { rate: 'max' } }), /without a fixed rate/);
  assert.is(refusal({ load: { rate: 'max' }, halving: { metric: 'achieved' } }), '');
  assert.match(refusal({ load: { rate: { search: {} } } }), /a search has no metric/);
});

test.run();
