import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { createRandom } from '../../../../bench/common/random.ts';
import type { SeriesReport } from '../../../../bench/jobs/nightly/series-report.ts';
import { badgeJson, badgeSvg } from '../../../../bench/jobs/nightly/views/badge.ts';
import { pointsToDraw } from '../../../../bench/jobs/nightly/views/downsample.ts';
import { explainText } from '../../../../bench/jobs/nightly/views/explain.ts';
import { nightJson } from '../../../../bench/jobs/nightly/views/json.ts';
import { nightJunit } from '../../../../bench/jobs/nightly/views/junit.ts';
import { nightMarkdown } from '../../../../bench/jobs/nightly/views/markdown.ts';
import { nightOpenMetrics } from '../../../../bench/jobs/nightly/views/openmetrics.ts';
import { nightTable } from '../../../../bench/jobs/nightly/views/text.ts';
import { pointsFor, trendHtml } from '../../../../bench/jobs/nightly/views/trend.ts';
import { nightReportOf, seriesOf, steady } from '../../../support/night-report.ts';
import { normals } from '../../../support/numbers.ts';
import { parseOpenMetrics } from '../../../support/openmetrics.ts';
import { withoutOwnScript } from '../../../support/own-script.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('nightly views');

test('the trend page stands alone, escapes what users wrote, and links each night', () => {
  const html = withoutOwnScript(trendHtml(nightReportOf()));
  assert.not.match(html, /<script|https?:\/\/(?!www\.w3\.org)/);
  assert.not.match(html, '<b>');
  assert.match(html, 'linger.ms=0 | &lt;b&gt;');
  assert.match(html, 'new disks &amp; &quot;fans&quot;');
  assert.match(html, 'href="nights/20260212T010000Z/report.html"');
  assert.match(html, 'prefers-color-scheme: dark');
  assert.is(html.match(/<figure>/g)?.length, 3);
  assert.is(html.match(/<svg [^>]*role="img" aria-labelledby=/g)?.length, 3);
});

test('a chart holds the changes, the range and the changed environment in the page’s colours', () => {
  const html = trendHtml(nightReportOf());
  const chart = html.slice(html.indexOf('<svg'), html.indexOf('</svg>'));
  for (const colour of ['s1', 'bad', 'warn', 'line', 'fg']) assert.match(chart, `var(--${colour})`);
  const colours = new Set(chart.match(/var\(--[a-z0-9]+\)/g)?.map((used) => used.slice(6, -1)));
  for (const name of colours) assert.match(html, `--${name}: #`);
  const without = trendHtml({ ...nightReportOf(), series: [seriesOf('x', steady(3, 15), false)] });
  assert.not.match(without.slice(without.indexOf('<svg'), without.indexOf('</svg>')), 'var(--bad)');
});

test('a long series is drawn with its extremes, its changes and its newest nights', () => {
  const random = createRandom(4);
  for (let round = 0; round < 50; round++) {
    const values = normals(random, 500 + random.int(3000), 0, 1);
    const keep = [random.int(values.length), random.int(values.length)];
    const drawn = pointsToDraw(values, 200, keep);
    assert.ok(drawn.length <= 202);
    assert.ok(drawn.every((index, i) => i === 0 || index > (drawn[i - 1] ?? 0)));
    for (const index of [
      ...keep,
      values.indexOf(Math.max(...values)),
      values.indexOf(Math.min(...values)),
      values.length - 1,
    ]) {
      assert.ok(drawn.includes(index));
    }
  }
  assert.equal(pointsToDraw([3, 1, 2], 10), [0, 1, 2]);
});

test('the more series, the fewer points each', () => {
  assert.ok(pointsFor(200) < pointsFor(20));
  assert.ok(pointsFor(100_000) >= 80);
});

test('Markdown keeps its tables whole', () => {
  const markdown = nightMarkdown(nightReportOf());
  const rows = markdown.split('\n').filter((line) => line.startsWith('| '));
  assert.ok(rows.length >= 4);
  assert.ok(rows.every((row) => row.replaceAll('\\|', '').split('|').length === 8));
  assert.match(markdown, /^## nightly: regressed: 1 regressed, 1 steady, 1 threshold breached/);
  assert.match(markdown, 'series/x.ndjson:3');
});

test('a verdict is explained in ten lines: stretches, p, magnitudes, limits and the rule', () => {
  const report = nightReportOf();
  const [failed, steadyOne] = report.series;
  const lines = explainText(failed as SeriesReport, report, 2).split('\n');
  assert.is(lines.length, 10);
  const [head = '', , , , stretches = '', changes = '', nights = '', , , rule = ''] = lines;
  assert.match(head, 'regressed, night 20260212T010000Z');
  assert.match(stretches, /\(40\) → .* \(3\)$/);
  assert.match(changes, /2026-02-10 \+1\d\.\d % \(p [\d.e-]+, E-divisive means\)/);
  assert.match(nights, /1\d\.\d % worse: [\d.e+]+ times likelier after a rise by δ .* \(fails from \d+\)/);
  assert.match(rule, /the last nights are likelier .*failed since 2026-02-11/);
  assert.match(explainText(steadyOne as SeriesReport, report, 2), 'no last nights are off by δ');
});

test('junit has a failure for a regression and a threshold, and an error for what the environment hides', () => {
  const open = nightJunit(nightReportOf());
  assert.is(open.match(/<failure/g)?.length, 2);
  assert.not.match(open, '<error');
  const suspended = nightJunit(
    nightReportOf({ canary: { moved: true, reasons: ['it moved'], series: [] }, thresholds: [] }),
  );
  assert.not.match(suspended, '<failure');
  assert.is(suspended.match(/<error/g)?.length, 2);
});

test('OpenMetrics text keeps the standard’s rules', () => {
  const samples = parseOpenMetrics(nightOpenMetrics(nightReportOf()));
  const regressed = samples.filter(
    ({ name, labels, value }) =>
      name === 'ksweep_nightly_verdict' && labels['ksweep_nightly_verdict'] === 'regressed' && value === 1,
  );
  assert.equal(
    regressed.map(({ labels }) => labels['cell']),
    ['linger.ms=0 | <b>'],
  );
  assert.is(samples.find(({ name }) => name === 'ksweep_nightly_exit_status')?.value, 5);
  assert.is(
    samples.find(({ name }) => name === 'ksweep_nightly_finished_timestamp_seconds')?.value,
    Date.parse('2026-02-12T02:00:00Z') / 1000,
  );
  assert.throws(() => parseOpenMetrics('a 1\n# EOF\n'), /no metadata/);
});

/** Metric names in the dashboard's queries: identifiers that are no function, keyword, label or variable. */
function metricsIn(dashboard: string): Set<string> {
  return new Set(
    dashboard.match(/ksweep_nightly_[a-z_]+/g)?.filter((name) => name !== 'ksweep_nightly_') ?? [],
  );
}

test('the Grafana dashboard reads only metrics and labels that a night writes', () => {
  const text = readFileSync(join(packageRoot(), 'infra', 'nightly', 'grafana-dashboard.json'), 'utf8');
  const dashboard = JSON.parse(text) as { panels: { id: number; targets: { expr: string }[] }[] };
  const samples = parseOpenMetrics(nightOpenMetrics(nightReportOf()));
  const written = new Set(samples.map(({ name }) => name));
  const unknown = (content: string): string[] => [...metricsIn(content)].filter((name) => !written.has(name));
  assert.equal(unknown(text), []);
  assert.equal(unknown(text.replaceAll('ksweep_nightly_low', 'ksweep_nightly_lowest')), [
    'ksweep_nightly_lowest',
  ]);
  assert.equal(
    [...written].filter((name) => !metricsIn(text).has(name)),
    [],
  );
  const exprs = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  assert.is(exprs.length > 10, true);
  const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
  for (const expr of exprs) {
    for (const [, label = ''] of expr.matchAll(/[{,]\s*([a-z_]+)\s*=~?"/g))
      assert.ok(labels.has(label), `${label} in ${expr}`);
  }
  assert.is(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
});

test('the badge says the status, and is one picture', () => {
  assert.equal(JSON.parse(badgeJson(nightReportOf())), {
    schemaVersion: 1,
    label: 'nightly',
    message: 'regressed',
    color: '#b31d28',
  });
  assert.match(badgeSvg(nightReportOf({ status: 0 })), 'nightly: pass');
});

test('the table for a terminal names the worst first, and JSON holds the last night of each series', () => {
  const table = nightTable(nightReportOf());
  assert.ok(table.indexOf('regressed  ') < table.indexOf('steady  '));
  const document = JSON.parse(nightJson(nightReportOf())) as {
    status: number;
    series: { last: { value: number }; nights: number }[];
  };
  assert.is(document.status, 5);
  assert.equal(
    document.series.map(({ nights }) => nights),
    [43, 43, 43],
  );
  assert.ok(document.series.every(({ last }) => last.value > 1000));
});

test.run();
