import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { codecsHtml } from '../../../bench/jobs/codecs/report/html.ts';
import { trendHtml } from '../../../bench/jobs/nightly/views/trend.ts';
import { writeReports } from '../../../reports/run/write-reports.ts';
import { reportOfCodecs } from '../../support/codecs-report.ts';
import { inBrowser } from '../../support/look-at-page.ts';
import { nightReportOf } from '../../support/night-report.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('five questions to the pages', { timeoutMs: 120_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const MAX_CLICKS = 2;
const HEIGHT = 800;

/** A reader in front of one page, who sees one screen of it and clicks what stands there. */
class Reader {
  readonly page: Page;
  clicks = 0;

  constructor(page: Page) {
    this.page = page;
  }

  /** On the screen as it is, without scrolling. */
  async sees(what: Locator, text: RegExp): Promise<void> {
    await what.first().waitFor({ state: 'visible' });
    assert.match((await what.first().textContent()) ?? '', text);
    const box = await what.first().boundingBox();
    assert.ok(box !== null && box.y < HEIGHT && box.y + box.height > 0, `on the screen: ${text}`);
  }

  async follows(what: Locator): Promise<void> {
    const box = await what.boundingBox();
    assert.ok(
      box !== null && box.y >= 0 && box.y + box.height <= HEIGHT,
      'only what is on the screen can be clicked',
    );
    await what.click();
    this.clicks++;
  }

  link(name: RegExp): Locator {
    return this.page.getByRole('link', { name });
  }
}

const QUESTIONS: readonly {
  readonly question: string;
  readonly page: 'codecs' | 'report' | 'trend';
  readonly walk: (reader: Reader) => Promise<void>;
}[] = [
  {
    question: 'Which codec, and how sure?',
    page: 'codecs',
    async walk(reader) {
      await reader.sees(reader.page.locator('.answer'), /zstd|gzip|lz4|snappy|none/);
      await reader.sees(reader.page.locator('.certainty'), /\S{3}/);
    },
  },
  {
    question: 'Why is cell 5 invalid?',
    page: 'report',
    async walk(reader) {
      await reader.sees(reader.page.locator('.badges'), /repeats invalid/);
      await reader.follows(reader.page.locator('.badges').getByRole('link', { name: /repeats invalid/ }));
      await reader.sees(
        reader.page.locator('#left-out li', { hasText: 'zstd · linger 0 ms · 128 KiB' }),
        /invalid: .{10}/,
      );
    },
  },
  {
    question: 'What happened at second 12?',
    page: 'report',
    async walk(reader) {
      await reader.follows(reader.link(/^Second by second$/));
      const svg = reader.page.locator('#series .chart svg').first();
      const [left = 0, right = 0, min = 0, max = 0] = ((await svg.getAttribute('data-x')) ?? '')
        .split(' ')
        .map(Number);
      const box = await svg.boundingBox();
      const wide = Number(((await svg.getAttribute('viewBox')) ?? '').split(' ')[2]);
      assert.ok(box !== null && max > 12.5, 'the chart reaches second 12');
      const x = ((left + ((12.5 - min) / (max - min)) * (right - left)) * box.width) / wide;
      await reader.page.mouse.move(box.x + x, box.y + Math.min(box.height, HEIGHT - box.y) / 2);
      await reader.sees(reader.page.locator('#tip'), /^s: 12\n[\s\S]*\d/);
    },
  },
  {
    question: 'What does linger do to p99?',
    page: 'report',
    async walk(reader) {
      await reader.follows(reader.link(/^What each setting does$/));
      await reader.sees(reader.page.locator('#effects figcaption, #effects h3'), /p99/);
      await reader.sees(reader.page.locator('#effects svg text', { hasText: /linger/ }), /linger/);
    },
  },
  {
    question: 'Is tonight worse than last week?',
    page: 'trend',
    async walk(reader) {
      await reader.sees(reader.page.locator('.answer'), /regress|steady|worse|no /i);
    },
  },
];

/** Clicks that docs/pages.md promises, by question. */
function promised(): Map<string, number> {
  const page = readFileSync(join(packageRoot(), 'docs', 'pages.md'), 'utf8');
  const rows = [...page.matchAll(/^\| ([^|]+\?) \|(?:[^|]*\|)*? (\d+) \|/gm)];
  return new Map(rows.map(([, question = '', clicks]) => [question, Number(clicks)]));
}

test('docs/pages.md lists these questions, and none with more clicks than two', () => {
  const table = promised();
  assert.equal(
    [...table.keys()],
    QUESTIONS.map(({ question }) => question),
  );
  for (const [question, clicks] of table) assert.ok(clicks <= MAX_CLICKS, question);
});

test('each is answered on its page with the clicks that docs/pages.md says', async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'compression.type': ['lz4', 'zstd'], 'linger.ms': [0, 20], 'batch.size': [16384, 131072] },
    blocks: 2,
    invalidCells: [5],
    measuredSec: 20,
    name: 'sweep',
  });
  const pages = {
    report: (await writeReports(dir)).files['report.html'] ?? '',
    codecs: join(root, 'codecs.html'),
    trend: join(root, 'trend.html'),
  };
  writeFileSync(pages.codecs, codecsHtml(reportOfCodecs(), []));
  writeFileSync(pages.trend, trendHtml(nightReportOf()));
  await inBrowser(async (context) => {
    for (const { question, page: name, walk } of QUESTIONS) {
      const page = await context.newPage();
      await page.setViewportSize({ width: 1280, height: HEIGHT });
      await page.goto(pathToFileURL(pages[name]).href);
      const reader = new Reader(page);
      try {
        await walk(reader);
      } catch (error) {
        throw new Error(`${question} ${(error as Error).message}`, { cause: error });
      }
      assert.is(reader.clicks, promised().get(question), question);
      await page.close();
    }
  });
});

test.run();
