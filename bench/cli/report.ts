import type { Command } from 'commander';
import type { ReportSummary } from '../../reports/run/write-reports.ts';
import { KsweepError } from '../common/errors.ts';
import { parseListenAddress } from '../common/listen.ts';

interface ReportFlags {
  readonly json?: true;
  readonly open?: true;
  readonly png?: string;
  readonly serve?: string;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('Rebuild every view of a run folder: CSV, Markdown, HTML, JUnit, and the table here.')
    .argument('<dir>', 'run folder; with --serve: a folder of run folders, nights and pages')
    .option('--json', 'print one JSON document on stdout')
    .option('--open', 'open the page in the browser')
    .option('--png <file>', 'write answer, chart and caveats as a picture of 1200 × 630 for a chat')
    .option('--serve <address>', 'show all that lies in the folder at this port or host:port until Ctrl-C')
    .action(async (dir: string, flags: ReportFlags) => {
      if (flags.serve !== undefined) return serve(dir, flags.serve, flags);
      const { writeReports } = await import('../../reports/run/write-reports.ts');
      const report = await writeReports(dir);
      const page = report.files['report.html'];
      if (flags.png !== undefined) await writeCard(report, flags.png);
      if (flags.json === true) {
        const { reportJson } = await import('../../reports/files/json.ts');
        process.stdout.write(`${JSON.stringify(reportJson(report), null, 2)}\n`);
      } else {
        process.stdout.write(report.table);
        process.stderr.write(`${page}\n`);
      }
      if (flags.open === true && page !== undefined) await open(page);
      process.exitCode = report.status;
    });
}

async function writeCard(report: ReportSummary, file: string): Promise<void> {
  const { cardPng } = await import('../../reports/card/png.ts');
  const { writeAtomically } = await import('../common/write-atomically.ts');
  await writeAtomically(file, [await cardPng(report)]);
  process.stderr.write(`${file}\n`);
}

async function open(target: string): Promise<void> {
  const { openPage } = await import('../../reports/serve/open.ts');
  if (!(await openPage(target))) process.stderr.write(`no browser was found: open ${target} yourself\n`);
}

/** Serves until the first signal; nothing in the folder is written. */
async function serve(dir: string, address: string, flags: ReportFlags): Promise<void> {
  const { stat } = await import('node:fs/promises');
  const { SERVE_FLAG, serveResults } = await import('../../reports/serve/server.ts');
  for (const [name, given] of [
    ['--json', flags.json],
    ['--png', flags.png],
  ] as const)
    if (given !== undefined) throw new KsweepError('usage', `${name} and --serve do not go together`);
  const listen = parseListenAddress(address, SERVE_FLAG);
  if (!(await stat(dir).catch(() => null))?.isDirectory()) {
    throw new KsweepError('run-folder-invalid', `there is no folder ${dir}`, {
      hint: 'give the folder that runs are written to, such as results',
    });
  }
  const server = await serveResults(dir, listen);
  process.stderr.write(`${server.url} shows ${dir}; Ctrl-C ends it\n`);
  if (flags.open === true) await open(server.url);
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  await server.close();
}
