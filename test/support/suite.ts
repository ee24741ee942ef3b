import { inspect } from 'node:util';
import { suite as uvuSuite } from 'uvu';

type Hook = () => unknown | Promise<unknown>;

export interface Suite {
  (name: string, test: Hook, options?: { timeoutMs?: number }): void;
  /** Runs before the tests; where it throws, every test of the suite fails with that error. */
  before(hook: Hook): void;
  after(hook: Hook): void;
  /** Has to be called once, at the end of the file; the process fails where it was not. */
  run(): void;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** Tests that took longer are listed: the whole of them has to stay under ten minutes. */
const SLOW_MS = 5_000;

async function withTimeout(name: string, timeoutMs: number, body: Hook): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`"${name}" took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([Promise.resolve().then(body), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** uvu's report throws on what has no stack, or `details` that are no text (KsweepError's), and then the suite passes. */
function printable(error: unknown): unknown {
  if (error instanceof Error && 'operator' in error) return error;
  return new Error(error instanceof Error ? inspect(error) : String(error), { cause: error });
}

/**
 * uvu's suite with its silent passes closed: an error in `before` fails every test, each test has a time limit,
 * and a file that forgets `.run()`, holds no test, or leaves a test out exits non-zero. There is no `.only` and no `.skip`.
 */
export function suite(suiteName: string, defaults: { timeoutMs?: number } = {}): Suite {
  const inner = uvuSuite(suiteName);
  const limit = defaults.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  let tests = 0;
  let ended = 0;
  let started = false;
  let beforeError: { error: unknown } | undefined;

  process.on('exit', () => {
    if (tests > 0 && started && ended === tests) return;
    process.exitCode = 1;
    const unrun = `${tests - ended} of ${tests} tests never ran`;
    console.error(
      `${suiteName}: ${tests === 0 ? 'holds no test' : started ? unrun : '.run() was never called'}`,
    );
  });

  const add = ((name, test, options = {}) => {
    tests++;
    inner(name, async () => {
      const startedAt = performance.now();
      try {
        if (beforeError !== undefined) throw beforeError.error;
        await withTimeout(name, options.timeoutMs ?? limit, test);
      } catch (error) {
        throw printable(error);
      } finally {
        ended++;
        const tookMs = performance.now() - startedAt;
        if (tookMs > SLOW_MS) console.log(`  ${(tookMs / 1000).toFixed(1)} s: ${name}`);
      }
    });
  }) as Suite;
  add.before = (hook) => {
    inner.before(async () => {
      try {
        await withTimeout(`${suiteName}: before`, limit, hook);
      } catch (error) {
        beforeError = { error };
      }
    });
  };
  add.after = (hook) => {
    inner.after(() => withTimeout(`${suiteName}: after`, limit, hook));
  };
  add.run = () => {
    started = true;
    inner.run();
  };
  return add;
}
