import type { Command } from 'commander';
import { describeError, EXIT, exitStatusOf, KsweepError, mostSevere } from '../common/errors.ts';
import { redactMessage } from '../common/redact.ts';
import { collect } from './collect.ts';

export function registerValidate(program: Command): void {
  program
    .command('validate')
    .description('Check workload files without running them.')
    .argument('<file...>', 'workload files')
    .option('--set <key=value>', 'override a setting; repeatable', collect, [])
    .option('--json', 'print one JSON document on stdout')
    .action(async (files: string[], flags: { readonly set: string[]; readonly json?: true }) => {
      const { loadWorkload } = await import('../workload/load.ts');
      const { crossWarnings } = await import('../workload/cross-rules.ts');
      const outcomes = files.map((file) => {
        try {
          const { plan } = loadWorkload(file, { set: flags.set });
          const warnings = crossWarnings(plan.cells).map(redactMessage);
          if (flags.json !== true) {
            console.log(`${file}: valid, ${plan.cells.length} cells, ${plan.repeats.length} repeats`);
            for (const warning of warnings) console.error(`${file}: warning: ${warning}`);
          }
          return {
            file,
            valid: true,
            cells: plan.cells.length,
            repeats: plan.repeats.length,
            problems: [],
            warnings,
            status: EXIT.pass,
          };
        } catch (error) {
          if (!(error instanceof KsweepError)) throw error;
          if (flags.json !== true) console.error(describeError(error));
          const problems = (error.details.length > 0 ? error.details : [error.message]).map(redactMessage);
          return { file, valid: false, problems, status: exitStatusOf(error) };
        }
      });
      if (flags.json === true) console.log(JSON.stringify(outcomes.map(({ status, ...outcome }) => outcome)));
      process.exitCode = mostSevere(outcomes.map(({ status }) => status));
    });
}
