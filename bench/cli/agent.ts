import type { Command } from 'commander';
import { EXIT, KsweepError } from '../common/errors.ts';
import { parseDurationMs } from '../common/units.ts';

interface AgentFlags {
  readonly stdio?: true;
  readonly hold?: string;
  readonly first?: string;
}

const STARTED_BY = '`ksweep run WORKLOAD --load-hosts ssh:HOST` starts it where it is needed';

function durationOf(option: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new KsweepError('usage', `${option} ${text}: expected a duration such as 60s`);
}

/** What a pod does by itself. */
async function holdThisPod(idleMs: number, firstMs: number): Promise<void> {
  const { HOLD_SOCKET, holdPod } = await import('../load/kubernetes/hold.ts');
  const path = process.env[HOLD_SOCKET];
  if (path === undefined) {
    throw new KsweepError('usage', `--hold needs the variable ${HOLD_SOCKET}, the path of a socket`, {
      hint: '`ksweep run WORKLOAD --load-hosts kubernetes` sets it in its pods',
    });
  }
  // As a container's first process it would get no signal that it does not ask for.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(EXIT.pass));
  await holdPod(path, { idleMs, firstMs });
}

/** `ksweep agent --stdio`: what a coordinator starts on a load host. */
export function registerAgent(program: Command): void {
  program
    .command('agent')
    .description('Generate load for a coordinator elsewhere: `ksweep run --load-hosts` starts it.')
    .option('--stdio', 'talk to it on the standard streams')
    .option('--hold <duration>', 'keep a pod until no agent has been in it for so long (60s)')
    .option(
      '--first <duration>',
      'with --hold: how long the first agent may take to come; default: as --hold',
    )
    .action(async ({ stdio, hold, first }: AgentFlags) => {
      if ((stdio === true) === (hold !== undefined) || (first !== undefined && hold === undefined)) {
        throw new KsweepError('usage', 'ksweep agent needs --stdio, or --hold in a pod', {
          hint: STARTED_BY,
        });
      }
      if (hold !== undefined) {
        const idleMs = durationOf('--hold', hold);
        await holdThisPod(idleMs, first === undefined ? idleMs : durationOf('--first', first));
        return;
      }
      if (process.stdin.isTTY || process.stdout.isTTY) {
        throw new KsweepError('usage', 'ksweep agent talks to a coordinator, and not to a terminal', {
          hint: STARTED_BY,
        });
      }
      const { serveStdio } = await import('../load/agent/stdio.ts');
      serveStdio();
    });
}
