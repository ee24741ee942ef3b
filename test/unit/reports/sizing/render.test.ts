import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as assert from 'uvu/assert';
import { jsonSchemas, schemaText } from '../../../../bench/cli/write-schemas.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { findPrices } from '../../../../infra/catalog/catalog.ts';
import { reportPartitions } from '../../../../reports/sizing/partitions-report.ts';
import { curveSvg } from '../../../../reports/sizing/render/curve-chart.ts';
import { renderHtml } from '../../../../reports/sizing/render/html.ts';
import { renderMarkdown } from '../../../../reports/sizing/render/markdown.ts';
import { renderText } from '../../../../reports/sizing/render/text.ts';
import type { SizingReport } from '../../../../reports/sizing/report.ts';
import { withoutOwnScript } from '../../../support/own-script.ts';
import { CURVE, LAW, problemOf, shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing reports');

const MODEL = { ...LAW, peakPartitions: 12.5 };

function reportOf(answers: Record<string, unknown>, basis: 'measured' | 'model' | 'figures'): SizingReport {
  const capacity = basis === 'measured' ? CURVE : { ...CURVE, model: MODEL };
  const problem =
    basis === 'figures' ? problemOf({ perPartition: '10MB/s', ...answers }) : problemOf(answers, capacity);
  return reportPartitions(problem, {
    basis: 'measured: run <1> & "co"',
    phase: undefined,
    assumptions: [],
    warnings: [{ code: 'x', text: 'a | b <script>' }],
    catalog: shippedCatalog,
    prices: findPrices(shippedCatalog, 'us-east-1'),
    followerFetching: false,
  });
}
const ANSWERS = { average: '12MB/s', peak: '24MB/s', retention: '1d' };
const MEASURED = reportOf(ANSWERS, 'measured');
const INFEASIBLE = reportOf({ average: '500MB/s' }, 'measured');

test('the shipped schema is the one that the code makes, and every answer fits it', () => {
  const schema = jsonSchemas()['sizing.schema.json'];
  assert.is(readFileSync(join(packageRoot(), 'schemas/sizing.schema.json'), 'utf8'), schemaText(schema));
  const validate = new Ajv({ strict: false }).compile(schema as object);
  for (const report of [
    MEASURED,
    INFEASIBLE,
    reportOf(ANSWERS, 'model'),
    reportOf(ANSWERS, 'figures'),
    reportOf({}, 'figures'),
  ]) {
    // Through JSON, as a reader gets it: an infinity or undefined would not survive.
    assert.ok(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors));
  }
});

test('text: what to do first, then why', () => {
  const text = renderText(MEASURED);
  const order = [
    'Recommendation',
    'Steps',
    'Brokers (m6i.large)',
    'Cost (',
    'What would change',
    'When to grow',
    'Advice',
    'Warnings',
    'Assumptions',
  ];
  const places = order.map((title) => text.indexOf(title));
  assert.ok(
    places.every((place) => place >= 0),
    order.filter((_, i) => places[i] === -1).join(),
  );
  assert.equal(
    [...places].sort((a, b) => a - b),
    places,
  );
  assert.match(
    text,
    /Partitions +6 +assumption +smallest N with u · X_lower\(N\) ≥ T: traffic as answered, curve measured/,
  );
});

test('an infeasible demand starts with its reasons, and recommends nothing', () => {
  const text = renderText(INFEASIBLE);
  assert.match(text, /^Infeasible\n {2}throughput: measured only up to 8 partitions/);
  assert.not.match(text, /Recommendation/);
  assert.match(renderMarkdown(INFEASIBLE), /\*\*Infeasible\.\*\*/);
  assert.match(renderHtml(INFEASIBLE), /role="alert"/);
});

test('Markdown: tables stay whole whatever a text holds', () => {
  const markdown = renderMarkdown({
    ...MEASURED,
    tables: [{ title: 'T', columns: ['a', 'b'], rows: [['x | y', 'z']] }],
  });
  assert.match(markdown, /\| x \\\| y \| z \|/);
  for (const block of markdown
    .trim()
    .split('\n\n')
    .filter((one) => one.startsWith('|'))) {
    const cells = block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
    assert.is(new Set(cells).size, 1, block);
  }
});

test('HTML: self-contained, escaped, light and dark, and readable without seeing the picture', () => {
  const html = renderHtml(MEASURED);
  assert.not.match(withoutOwnScript(html), /<script|https?:\/\/(?!www\.w3\.org)|<link|@import/);
  assert.match(html, /measured: run &lt;1&gt; &amp; &quot;co&quot;/);
  assert.match(html, /a \| b &lt;script&gt;/);
  assert.is(html.match(/role="img" aria-label="Measured throughput: 1 partitions 11 MB\/s/g)?.length, 4);
  assert.match(html, /prefers-color-scheme: dark/);
  assert.is(html.match(/<svg/g)?.length, 4);
});

test('the curve: points, interval, demand, headroom, caps and the answer', () => {
  const { curve } = reportOf({ ...ANSWERS, zones: 1, brokers: 6 }, 'model');
  assert.ok(curve);
  const svg = curveSvg(curve, 'light');
  for (const label of [
    'peak demand',
    'demand with headroom',
    'recommended: 6',
    'cap',
    'interval over runs',
    'single runs',
    'scalability law',
    'its resampling band',
    'partitions',
    'MB/s of payload',
  ]) {
    assert.ok(svg.includes(label), label);
  }
  assert.not(curveSvg(curve, 'dark') === svg);
});

test('the curve of figures alone is drawn as assumed', () => {
  const report = reportOf(ANSWERS, 'figures');
  assert.is(report.curve?.assumedPerPartition, 10e6);
  assert.ok(report.curve);
  assert.ok(curveSvg(report.curve, 'light').includes('assumed: one partition multiplied out'));
  assert.match(renderHtml(report), /Assumed throughput: 10 MB\/s a partition, not measured/);
  assert.is(reportOf({}, 'figures').curve?.requiredBytesPerSec, 0);
});

test.run();
