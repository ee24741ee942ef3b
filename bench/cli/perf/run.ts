import { chooseClient, loadDriver } from '../../client/choose.ts';
import type { Driver } from '../../client/driver.ts';
import { EXIT, type ExitStatus } from '../../common/errors.ts';
import { redact, redactMessage } from '../../common/redact.ts';
import { type Verdict, verdictLines } from '../../perf/verdict.ts';
import { onInterrupt } from '../interrupt.ts';

interface PerfContext {
  readonly driver: Driver;
  /** A line of the tool's own. */
  readonly print: (line: string) => void;
  /** A line of ksweep's, on standard error. */
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * What both tools share: their lines on standard output and the honest figures on standard error; with --json the
 * figures on standard output as one document, and the lines on standard error.
 */
export async function perfRun(
  tool: 'producer' | 'consumer',
  json: boolean,
  work: (context: PerfContext) => Promise<Verdict>,
): Promise<ExitStatus> {
  const note = (line: string): void => {
    process.stderr.write(`${redactMessage(`ksweep: ${line}`)}\n`);
  };
  const lines: string[] = [];
  const print = (line: string): void => {
    lines.push(line);
    (json ? process.stderr : process.stdout).write(`${line}\n`);
  };
  const interrupt = onInterrupt(() => note('stopping after Ctrl-C (press again to quit at once)'));
  try {
    const chosen = chooseClient();
    if (chosen.note !== null) note(chosen.note);
    const driver = await loadDriver(chosen.name);
    const verdict = await work({ driver, print, note, signal: interrupt.signal });
    if (json) {
      const { valid, reasons, notes, figures } = verdict;
      console.log(JSON.stringify(redact({ tool, valid, reasons, notes, ...figures, lines })));
    } else for (const line of verdictLines(verdict)) process.stderr.write(`${redactMessage(line)}\n`);
    return verdict.valid ? EXIT.pass : EXIT.invalid;
  } finally {
    interrupt.dispose();
  }
}
