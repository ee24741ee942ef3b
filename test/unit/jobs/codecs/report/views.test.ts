import * as assert from 'uvu/assert';
import { createRandom } from '../../../../../bench/common/random.ts';
import { configOfCell } from '../../../../../bench/jobs/codecs/codecs.ts';
import type { Phase } from '../../../../../bench/jobs/codecs/phases.ts';
import { finalistsPhase, screenPhase, stampPhase } from '../../../../../bench/jobs/codecs/phases.ts';
import { codecsHtml } from '../../../../../bench/jobs/codecs/report/html.ts';
import { codecsMarkdown } from '../../../../../bench/jobs/codecs/report/markdown.ts';
import {
  type CodecsReport,
  codecsReport,
  type MeasuredPhase,
} from '../../../../../bench/jobs/codecs/report/report.ts';
import { codecsText } from '../../../../../bench/jobs/codecs/report/text.ts';
import type { Cell } from '../../../../../bench/workload/plan.ts';
import { loadedRun, PAYLOAD, requestWith, simulatedCells, TERMS } from '../../../../support/codecs.ts';
import { withoutOwnScript } from '../../../../support/own-script.ts';
import { suite } from '../../../../support/suite.ts';

const test = suite('views of a codec comparison');

const WIRE = { none: 1030, gzip: 320, snappy: 560, lz4: 500, zstd: 300 };
const CPU = { none: 5_000, gzip: 30_000, snappy: 6_400, lz4: 6_500, zstd: 9_000 };

/** A phase as if it had been measured on a cluster that behaves like this. */
function measured(
  phase: Phase,
  blocks: number,
  without: (cell: Cell) => boolean = () => false,
): MeasuredPhase {
  const truths = phase.plan.cells.map((cell) => {
    const { codec } = configOfCell(cell);
    const stampless = cell.workload.records.stamp === 'none';
    return {
      label: cell.id,
      wireBytes: WIRE[codec] - (stampless ? 20 : 0),
      p99Us: 8_000 + CPU[codec] / 4,
      cpuUsPerMB: CPU[codec],
    };
  });
  const cells = simulatedCells(truths, blocks, createRandom(1));
  const gone = new Set(phase.plan.cells.filter(without).map(({ id }) => id));
  const repeats = cells.flatMap(({ repeats: own }) =>
    own.map((one) =>
      gone.has(one.cellId)
        ? { ...one, outcome: 'invalid' as const, reasons: [{ code: 'not-sustained', message: 'too | slow' }] }
        : one,
    ),
  );
  const planned = phase.plan.cells.map(({ id, label, settings }) => ({
    id,
    label,
    settings: { ...settings },
  }));
  return { phase, run: loadedRun(repeats, planned) };
}

function report(
  changes: { readonly interrupted?: boolean; readonly finalists?: boolean } = {},
): CodecsReport {
  const request = requestWith({ batchSizesBytes: [131_072] });
  const screen = measured(screenPhase(request, PAYLOAD), 4, (cell) => configOfCell(cell).codec === 'lz4');
  const configs = screen.phase.plan.cells.map(configOfCell).filter(({ codec }) => codec !== 'lz4');
  return codecsReport({
    request,
    payload: PAYLOAD,
    terms: TERMS,
    command: 'ksweep codecs --payload made-up',
    interrupted: changes.interrupted === true,
    measured:
      changes.finalists === false
        ? { screen }
        : {
            screen,
            finalists: measured(finalistsPhase(request, PAYLOAD, configs), 8),
            stamp: measured(stampPhase(request, PAYLOAD, configs), 2),
          },
  });
}

test('every view says what is recommended, how sure that is, what it saves and what a month costs', () => {
  const whole = report();
  assert.is(whole.status, 0);
  const text = codecsText(whole, 140);
  const views = [
    text.replaceAll(/\s+/g, ' '),
    codecsMarkdown(whole),
    withoutOwnScript(codecsHtml(whole, [])),
  ];
  for (const view of views) {
    assert.match(view, /compression\.type=zstd compression\.zstd\.level=3 batch\.size=131072 linger\.ms=5/);
    assert.match(
      view,
      /Shown to be best in wire bytes per record among 2 finalists, over 8 blocks with a fresh seed/,
    );
    assert.match(view, /Against none: bytes on the wire −7\d %/);
    assert.match(view, /shown to be worse/);
    assert.match(view, /Total per month|Total/);
    assert.match(view, /Smoke-scale/);
    assert.match(view, /segment files/);
    assert.match(view, /a ratio of 3\.\d\d× with the stamp and 3\.\d\d× without/);
    assert.match(view, /2026-01-01/, 'the date of the prices');
    assert.not.match(view, /undefined|NaN|\[object/);
  }
});

test('a configuration that could not keep the rate is an answer with its reason, and no failure', () => {
  const whole = report();
  const lz4 = whole.screen.find(({ label }) => label === 'lz4');
  assert.is(lz4?.valid, 0);
  assert.is(lz4?.onFront, false);
  const markdown = codecsMarkdown(whole);
  assert.match(markdown, /lz4: too \| slow \(4 of 4\)/);
  assert.match(markdown, /\| 2\. lz4 \| 0\/4 \|/);
});

test('HTML is one file without scripts, and its text is escaped', () => {
  const html = withoutOwnScript(codecsHtml({ ...report(), warnings: ['<b>&'] }, []));
  assert.match(html, /&lt;b&gt;&amp;/);
  assert.not.match(html, /<script|https?:\/\/(?!www\.w3\.org)/);
  for (const id of ['recommendation', 'finalists', 'bytes', 'latency', 'price', 'stamp', 'notes']) {
    assert.ok(html.includes(`<section id="${id}">`), id);
    assert.ok(html.includes(`href="#${id}"`), id);
  }
});

test('what was cut off recommends nothing, says how to go on, and exits 3', () => {
  const cut = report({ finalists: false, interrupted: true });
  assert.is(cut.recommended, null);
  assert.is(cut.status, 3);
  const text = codecsText(cut, 100);
  assert.match(text, /None: the finalists were not measured/);
  assert.match(text, /--resume/);
  assert.match(text, /still hold the measuring stamp/);
});

test('no column of a terminal table is wider than the terminal allows', () => {
  for (const width of [100, 120, 200]) {
    for (const line of codecsText(report(), width)
      .split('\n')
      .filter((one) => /^[│┌└├]/.test(one))) {
      assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
    }
  }
});

test('CPU is priced beyond that of the same clients without a codec', () => {
  const { prices } = report();
  const cpuOf = (label: string): number =>
    prices.find((one) => one.label === label)?.price.lines.find(({ item }) => item.startsWith('CPU'))
      ?.perMonth ?? Number.NaN;
  assert.is(cpuOf('none'), 0);
  assert.ok(cpuOf('zstd:3') > 0);
  assert.ok(prices.every(({ withoutStamp }) => withoutStamp));
});

test.run();
