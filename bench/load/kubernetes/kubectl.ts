import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { KsweepError } from '../../common/errors.ts';

const run = promisify(execFile);

const REQUEST_LIMIT_SEC = 20;
const LIMIT_MS = 60_000;
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

/** The user's own kubectl, with its contexts, plug-ins and rights. */
export class Kubectl {
  /** Null: the context's own. */
  readonly namespace: string | null;

  constructor(namespace: string | null) {
    this.namespace = namespace;
  }

  /** The words of a command in the namespace, for whoever starts it. */
  words(verb: string, ...rest: readonly string[]): string[] {
    const where = this.namespace === null ? [] : ['--namespace', this.namespace];
    const limit = verb === 'exec' ? [] : [`--request-timeout=${REQUEST_LIMIT_SEC}s`];
    return ['kubectl', verb, ...where, ...limit, ...rest];
  }

  /**
   * Runs it to its end and gives what it printed. Throws kubernetes-failed, with the cause and the next step.
   * @param what for people, as "what failed": making the Job
   * @param input its standard input
   */
  async run(what: string, words: readonly string[], input?: string): Promise<string> {
    const [program = '', ...args] = words;
    try {
      const running = run(program, args, {
        timeout: LIMIT_MS,
        maxBuffer: OUTPUT_LIMIT_BYTES,
      });
      running.child.stdin?.on('error', () => {});
      running.child.stdin?.end(input);
      return (await running).stdout;
    } catch (error) {
      throw failureOf(what, words, error as Failure);
    }
  }
}

interface Failure {
  readonly code?: number | string | null;
  readonly killed?: boolean;
  readonly message: string;
  readonly stderr?: string;
}

/** What its libraries log on the way; the last line says it in words. */
const LOG_LINE = /^[EWIF]\d{4} /;

const failed = (what: string, why: string, hint: string): KsweepError =>
  new KsweepError('kubernetes-failed', `${what} failed: ${why}`, { hint });

/** What kubectl says, and the next step. Exported for its tests. */
export function failureOf(what: string, words: readonly string[], error: Failure): KsweepError {
  const { code, killed, message, stderr = '' } = error;
  if (code === 'ENOENT') {
    return failed(what, 'there is no kubectl', 'install it, and let `kubectl get pods` work for you first');
  }
  const said = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !LOG_LINE.test(line))
    .slice(-4)
    .join(' | ');
  const why = killed === true ? `no answer within ${LIMIT_MS / 1000} s` : said || message;
  const known = KNOWN.find(([pattern]) => pattern.test(why));
  return failed(what, why, known?.[1] ?? `try it by hand: ${words.join(' ')}`);
}

export const QUOTA_STEP =
  'raise the quota, or ask for less: load.kubernetes.pods and load.kubernetes.resources';
const CLUSTER_STEP =
  '`kubectl cluster-info` shows whether your current context names a cluster that answers; KUBECONFIG chooses another';
export const RIGHTS_STEP =
  'infra/kubernetes/base/rights.yaml has the Role that is needed; `kubectl auth can-i create jobs` shows what you may do';
/** The first that fits what was said. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/exceeded quota/i, QUOTA_STEP],
  [/namespaces? "[^"]*" not found/i, 'make the namespace, or name another one: kubernetes:NAMESPACE'],
  [/forbidden/i, RIGHTS_STEP],
  [/unauthorized|must be logged in|credentials/i, 'log in to the cluster as its provider says'],
  [
    /unable to connect|connection refused|was refused|no such host|i\/o timeout|no configuration|no answer|context/i,
    CLUSTER_STEP,
  ],
];
