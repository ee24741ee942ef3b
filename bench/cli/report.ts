import type { Command } from 'commander';

interface ReportFlags {
  readonly json?: true;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('Rebuild every view of a run folder: CSV, Markdown, HTML, JUnit, and the table here.')
    .argument('<dir>', 'run folder')
    .option('--json', 'print one JSON document on stdout')
    .action(async (dir: string, flags: ReportFlags) => {
      const { writeReports } = await import('../../reports/run/write-reports.ts');
      const report = await writeReports(dir);
      if (flags.json === true) {
        const { reportJson } = await import('../../reports/files/json.ts');
        process.stdout.write(`${JSON.stringify(reportJson(report), null, 2)}\n`);
      } else {
        process.stdout.write(report.table);
        process.stderr.write(`${report.files['report.html']}\n`);
      }
      process.exitCode = report.status;
    });
}
