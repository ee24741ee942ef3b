import { type ChildProcess, fork } from 'node:child_process';

export interface ToChild {
  readonly words: readonly string[];
}
export interface FromChild {
  readonly code: number;
  readonly printed: string;
  readonly rssBytes: number;
  readonly cpuMs: number;
}

/** No command on a file may use more of a processor, or more memory. */
const LIMIT_CPU_MS = 2_000;
/** By the clock, which runs on while a busy machine lets the command wait. */
const LIMIT_MS = 30_000;
const LIMIT_BYTES = 800 * 2 ** 20;
/** Usage and configuration, an answer that is not possible, a gate that is not met. */
const EXPECTED_STATUS = new Set([0, 1, 3, 4, 5]);
/** Collections that the commands leave to the end of the process. */
const COMMANDS_A_PROCESS = 2_000;

/** Runs commands in a process of their own, which is replaced where it hangs or dies. */
export class Harness {
  #child: ChildProcess | undefined;
  #commands = 0;
  #stderr = '';

  /** What is wrong with how a command ended; null where nothing is. */
  async run(words: readonly string[]): Promise<string | null> {
    if (this.#commands >= COMMANDS_A_PROCESS) this.stop();
    const fresh = this.#child === undefined;
    const child = this.#child ?? this.#start();
    // The first command of a process loads what it needs.
    if (fresh) await this.#ask(child, ['validate', '/dev/null']);
    this.#commands++;
    const answer = await this.#ask(child, words);
    if (typeof answer === 'string') {
      this.stop();
      return answer;
    }
    const { code, printed, rssBytes, cpuMs } = answer;
    if (cpuMs > LIMIT_CPU_MS) return `used ${Math.round(cpuMs)} ms of a processor`;
    if (rssBytes > LIMIT_BYTES) {
      this.stop();
      return `took ${Math.round(rssBytes / 2 ** 20)} MiB`;
    }
    if (/internal error/.test(printed)) return printed.slice(0, 2_000);
    if (/^\s+at .*[(:]\d+:\d+\)?$/m.test(printed)) return `a stack trace: ${printed.slice(0, 2_000)}`;
    if (!EXPECTED_STATUS.has(code)) return `exit status ${code}: ${printed.slice(0, 1_000)}`;
    if (code === 1 && printed.trim() === '') return 'exit status 1 without a word';
    return null;
  }

  #start(): ChildProcess {
    this.#commands = 0;
    this.#stderr = '';
    const child = fork(new URL('./child.js', import.meta.url), {
      execArgv: ['--max-old-space-size=400'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-2_000);
    });
    this.#child = child;
    return child;
  }

  #ask(child: ChildProcess, words: readonly string[]): Promise<FromChild | string> {
    return new Promise((resolve) => {
      const end = (answer: FromChild | string): void => {
        clearTimeout(timer);
        child.off('message', end);
        child.off('exit', died);
        resolve(answer);
      };
      const died = (status: number | null, signal: string | null): void =>
        end(`the process ended (${signal ?? status}): ${this.#stderr}`);
      const timer = setTimeout(() => end(`no end within ${LIMIT_MS} ms`), LIMIT_MS);
      child.once('message', end);
      child.once('exit', died);
      child.send({ words } satisfies ToChild, (error) => {
        if (error !== null) end(`the process is gone: ${error.message}`);
      });
    });
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}
