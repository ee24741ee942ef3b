import type { Command } from 'commander';
import { KsweepError } from '../common/errors.ts';

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('Say what a metric, a verdict, a reason or an error means, and what to do next.')
    .argument('[name...]', 'such as due-to-ack.p99, not-sustained or broker-unreachable; none lists all')
    .option('--json', 'print one JSON document on stdout')
    .action(async (words: string[], flags: { readonly json?: true }) => {
      const { language } = await import('../messages/language.ts');
      const { explain, explainedNames, nearestName } = await import('../messages/explain/lookup.ts');
      const name = words.join(' ');
      if (name === '') {
        const names = explainedNames().map((one) => ({ kind: one.kind, name: one.name }));
        const { namesText } = await import('./explain-text.ts');
        console.log(
          flags.json === true ? JSON.stringify(names) : namesText(names, process.stdout.columns ?? 80),
        );
        return;
      }
      const found = explain(name, language());
      if (found.length === 0) {
        const guess = nearestName(name);
        throw new KsweepError('usage', `"${name}" is not a metric, verdict, reason or error`, {
          hint: guess === undefined ? '`ksweep explain` lists the names' : `did you mean ${guess}?`,
        });
      }
      const { explanationText } = await import('./explain-text.ts');
      console.log(flags.json === true ? JSON.stringify(found) : found.map(explanationText).join('\n\n'));
    });
}
