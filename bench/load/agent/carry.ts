import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { KsweepError } from '../../common/errors.ts';

const run = promisify(execFile);

const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;
const LAST_LINES = 8;

/** What is run on a host. */
export interface Errand {
  /** For people, as "what failed": copying the package. */
  readonly what: string;
  /** For sh there. Neither quotes ' nor line ends: whatever shell the user has hands it on. */
  readonly script: string;
  readonly limitMs: number;
  /** Its standard input. */
  readonly input?: Uint8Array;
}

/**
 * Runs an errand and gives what it printed. Throws load-host-failed with the last that was said.
 * @param shell the command that carries another one, its last word, to the host
 */
export async function carry(host: string, shell: readonly string[], errand: Errand): Promise<string> {
  const [program = '', ...args] = [...shell, `sh -c '${errand.script}'`];
  const limits = { timeout: errand.limitMs, killSignal: 'SIGKILL', maxBuffer: OUTPUT_LIMIT_BYTES } as const;
  try {
    const running = run(program, args, limits);
    // Whoever has ended is reported by its status.
    running.child.stdin?.on('error', () => {});
    running.child.stdin?.end(errand.input);
    return (await running).stdout;
  } catch (error) {
    throw new KsweepError(
      'load-host-failed',
      `${errand.what} on load host ${host} failed: ${howOf(error, errand)}`,
      {
        hint: `look at it by hand: ${shell.join(' ')}`,
      },
    );
  }
}

function howOf(error: unknown, { limitMs }: Errand): string {
  const {
    code,
    killed,
    message,
    stdout = '',
    stderr = '',
  } = error as {
    readonly code?: number | string;
    readonly killed?: boolean;
    readonly message: string;
    readonly stdout?: string;
    readonly stderr?: string;
  };
  if (typeof code === 'string') return message;
  const said = `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LAST_LINES);
  const how = killed === true ? `took longer than ${limitMs / 1000} s` : `status ${code}`;
  return [how, ...said].join(' | ');
}
