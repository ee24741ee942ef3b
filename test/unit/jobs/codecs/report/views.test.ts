import * as assert from 'uvu/assert';
import { codecsHtml } from '../../../../../bench/jobs/codecs/report/html.ts';
import { codecsMarkdown } from '../../../../../bench/jobs/codecs/report/markdown.ts';
import { codecsText } from '../../../../../bench/jobs/codecs/report/text.ts';
import { reportOfCodecs } from '../../../../support/codecs-report.ts';
import { withoutOwnScript } from '../../../../support/own-script.ts';
import { suite } from '../../../../support/suite.ts';

const test = suite('views of a codec comparison');

test('every view says what is recommended, how sure that is, what it saves and what a month costs', () => {
  const whole = reportOfCodecs();
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
  const whole = reportOfCodecs();
  const lz4 = whole.screen.find(({ label }) => label === 'lz4');
  assert.is(lz4?.valid, 0);
  assert.is(lz4?.onFront, false);
  const markdown = codecsMarkdown(whole);
  assert.match(markdown, /lz4: too \| slow \(4 of 4\)/);
  assert.match(markdown, /\| 2\. lz4 \| 0\/4 \|/);
});

test('HTML is one file without scripts, and its text is escaped', () => {
  const html = withoutOwnScript(codecsHtml({ ...reportOfCodecs(), warnings: ['<b>&'] }, []));
  assert.match(html, /&lt;b&gt;&amp;/);
  assert.not.match(html, /<script|https?:\/\/(?!www\.w3\.org)/);
  for (const id of ['recommendation', 'finalists', 'bytes', 'latency', 'price', 'stamp', 'notes']) {
    assert.ok(html.includes(`<section id="${id}">`), id);
    assert.ok(html.includes(`href="#${id}"`), id);
  }
});

test('what was cut off recommends nothing, says how to go on, and exits 3', () => {
  const cut = reportOfCodecs({ finalists: false, interrupted: true });
  assert.is(cut.recommended, null);
  assert.is(cut.status, 3);
  const text = codecsText(cut, 100);
  assert.match(text, /None: the finalists were not measured/);
  assert.match(text, /--resume/);
  assert.match(text, /still hold the measuring stamp/);
});

test('no column of a terminal table is wider than the terminal allows', () => {
  for (const width of [100, 120, 200]) {
    for (const line of codecsText(reportOfCodecs(), width)
      .split('\n')
      .filter((one) => /^[│┌└├]/.test(one))) {
      assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
    }
  }
});

test('CPU is priced beyond that of the same clients without a codec', () => {
  const { prices } = reportOfCodecs();
  const cpuOf = (label: string): number =>
    prices.find((one) => one.label === label)?.price.lines.find(({ item }) => item.startsWith('CPU'))
      ?.perMonth ?? Number.NaN;
  assert.is(cpuOf('none'), 0);
  assert.ok(cpuOf('zstd:3') > 0);
  assert.ok(prices.every(({ withoutStamp }) => withoutStamp));
});

test.run();
