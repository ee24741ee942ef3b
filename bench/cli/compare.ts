import type { Command } from 'commander';
import { KsweepError } from '../common/errors.ts';
import { collect } from './collect.ts';

interface CompareFlags {
  readonly baseCell?: string;
  readonly metric: string[];
  readonly delta?: string;
  readonly allow?: true;
  readonly history?: string;
  readonly assumeNoOffset?: true;
  readonly strict?: true;
  readonly json?: true;
  readonly markdown?: string;
  readonly html?: string;
}

export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description(
      'Give a verdict on two runs, or on the cells of one: regressed, improved, equivalent or inconclusive.',
    )
    .argument('<base>', 'run folder')
    .argument(
      '[candidate]',
      'run folder; left out, the cells of one run are compared: with --base-cell, or base and candidate of `ksweep run --against`',
    )
    .option('--base-cell <cell>', 'with one run: the cell that the others are compared with, paired by block')
    .option('--metric <key>', 'compare this metric only; repeatable', collect, [])
    .option('--delta <share>', 'relative difference that matters, such as 0.05')
    .option('--allow', 'compare runs that differ in version, hardware or payload')
    .option('--history <dir>', 'with two runs: nights that tell how far runs of the same cell lie apart')
    .option('--assume-no-offset', 'with two runs: take it that they differ by nothing but their repeats')
    .option('--strict', 'exit 3 where something is inconclusive and nothing regressed')
    .option('--markdown <file>', 'write the table there as Markdown')
    .option('--html <file>', 'write a page with the verdicts and the effects drawn there')
    .option('--json', 'print one JSON document on stdout')
    .action(async (base: string, candidate: string | undefined, flags: CompareFlags) => {
      const { loadRun } = await import('../results/load-run.ts');
      const { compareAgainst, compareCells, compareRuns, strictStatus } = await import(
        '../../reports/compare/compare.ts'
      );
      const { comparisonJson, comparisonMarkdown, comparisonTable } = await import(
        '../../reports/compare/text.ts'
      );
      const { findMetric, METRICS } = await import('../results/metrics.ts');
      const { nearest } = await import('../common/nearest.ts');
      const { closePool } = await import('../common/pool.ts');
      if (candidate !== undefined && flags.baseCell !== undefined) {
        throw new KsweepError('usage', 'give two run folders, or one with --base-cell');
      }
      const offset = flags.history !== undefined || flags.assumeNoOffset === true;
      if (offset && candidate === undefined) {
        throw new KsweepError('usage', '--history and --assume-no-offset are for two runs measured apart');
      }
      if (flags.history !== undefined && flags.assumeNoOffset === true) {
        throw new KsweepError('usage', 'give --history or --assume-no-offset, not both');
      }
      for (const key of flags.metric) {
        if (findMetric(key) !== undefined) continue;
        const guess = nearest(
          key,
          METRICS.map((metric) => metric.key),
        );
        throw new KsweepError(
          'usage',
          `"${key}" is no metric`,
          guess === undefined ? {} : { hint: `did you mean ${guess}?` },
        );
      }
      const delta = flags.delta === undefined ? undefined : Number(flags.delta);
      if (delta !== undefined && !(delta > 0 && delta < 1)) {
        throw new KsweepError(
          'usage',
          `--delta ${flags.delta}: expected a share between 0 and 1, such as 0.05`,
        );
      }
      const options = {
        ...(flags.metric.length > 0 ? { metrics: flags.metric } : {}),
        ...(delta === undefined ? {} : { delta }),
        allow: flags.allow === true,
      };
      try {
        const offsets = flags.assumeNoOffset === true ? 'none' : await offsetsFrom(flags.history);
        const first = await loadRun(base);
        const comparison =
          candidate !== undefined
            ? await compareRuns(first, await loadRun(candidate), {
                ...options,
                ...(offsets === undefined ? {} : { offsets }),
              })
            : flags.baseCell !== undefined
              ? await compareCells(first, flags.baseCell, options)
              : await compareAgainst(first, options);
        if (flags.markdown !== undefined) {
          const { writeFile } = await import('node:fs/promises');
          await writeFile(flags.markdown, comparisonMarkdown(comparison));
        }
        if (flags.html !== undefined) {
          const { writeAtomically } = await import('../common/write-atomically.ts');
          const { comparisonHtml } = await import('../../reports/compare/page.ts');
          const runs = candidate === undefined ? [base] : [base, candidate];
          await writeAtomically(flags.html, [comparisonHtml(comparison, runs)]);
        }
        if (flags.json === true) console.log(JSON.stringify(comparisonJson(comparison)));
        else console.log(comparisonTable(comparison));
        process.exitCode = flags.strict === true ? strictStatus(comparison) : comparison.status;
      } finally {
        await closePool();
      }
    });
}

/** How far runs lie apart by the nights of a history; undefined where none is given. Throws history-input. */
async function offsetsFrom(dir: string | undefined) {
  if (dir === undefined) return undefined;
  const { HistoryStore } = await import('../jobs/nightly/history/store.ts');
  const { offsetsOf } = await import('../jobs/compare/offsets.ts');
  return offsetsOf(await (await HistoryStore.existing(dir)).series());
}
