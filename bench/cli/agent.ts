import type { Command } from 'commander';
import { KsweepError } from '../common/errors.ts';

/** `ksweep agent --stdio`: what a coordinator starts on a load host. */
export function registerAgent(program: Command): void {
  program
    .command('agent')
    .description('Generate load for a coordinator elsewhere: `ksweep run --load-hosts` starts it.')
    .requiredOption('--stdio', 'talk to it on the standard streams')
    .action(async () => {
      if (process.stdin.isTTY || process.stdout.isTTY) {
        throw new KsweepError('usage', 'ksweep agent talks to a coordinator, and not to a terminal', {
          hint: '`ksweep run WORKLOAD --load-hosts ssh:HOST` starts it where it is needed',
        });
      }
      const { serveStdio } = await import('../load/agent/stdio.ts');
      serveStdio();
    });
}
