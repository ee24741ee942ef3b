import { join, resolve } from 'node:path';
import { EXIT, type ExitStatus, KsweepError, mostSevere } from '../../common/errors.ts';
import { packageRoot } from '../../common/package-root.ts';
import { closePool } from '../../common/pool.ts';
import { parseDurationMs, parseSizeBytes } from '../../common/units.ts';
import { commitHistory, currentCommit, requireWorkTree } from '../../jobs/nightly/history/git.ts';
import { pullHistory, pushHistory, REMOTE_CLIENTS, type Remote } from '../../jobs/nightly/history/remote.ts';
import { HistoryStore } from '../../jobs/nightly/history/store.ts';
import type { Measure } from '../../jobs/nightly/measure.ts';
import { kafkaMeasure } from '../../jobs/nightly/measure-kafka.ts';
import { runNight } from '../../jobs/nightly/night.ts';
import { nightJson } from '../../jobs/nightly/views/json.ts';
import { nightTable } from '../../jobs/nightly/views/text.ts';
import { deltasOf } from '../../jobs/nightly/watched.ts';
import { loadWorkload } from '../../workload/load.ts';
import { onInterrupt } from '../interrupt.ts';
import { loadHostsOf } from '../run/load-hosts.ts';
import type { NightlyFlags } from './flags.ts';

const REMOTE_LIMIT_MS = 10 * 60_000;

function duration(flag: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms <= 0)
    throw new KsweepError('usage', `${flag} ${text}: expected a duration such as 4h or 90m`);
  return ms;
}

function size(flag: string, text: string): number {
  const bytes = parseSizeBytes(text);
  if (bytes === undefined || bytes <= 0)
    throw new KsweepError('usage', `${flag} ${text}: expected a size such as 20GB`);
  return bytes;
}

function count(flag: string, text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new KsweepError('usage', `${flag} ${text}: expected a whole number from 1`);
  return Number(text);
}

function remoteOf(flags: NightlyFlags): Remote | null {
  if (flags.historyRemote === undefined) return null;
  const client = REMOTE_CLIENTS.find((name) => name === flags.historyClient);
  if (client === undefined) {
    throw new KsweepError(
      'usage',
      `--history-client ${flags.historyClient}: expected ${REMOTE_CLIENTS.join(', ')}`,
    );
  }
  return { url: flags.historyRemote, client, limitMs: REMOTE_LIMIT_MS };
}

/** The canary's cluster: the suite's, but for what the user pins. */
function canaryCluster(flags: NightlyFlags): NightlyFlags {
  const { canaryBootstrapServer, canaryKafkaVersion } = flags;
  if (canaryKafkaVersion !== undefined && flags.local !== true) {
    throw new KsweepError('usage', '--canary-kafka-version goes with --local', {
      hint: 'name a cluster with a pinned version by --canary-bootstrap-server',
    });
  }
  if (canaryBootstrapServer !== undefined && flags.local === true) {
    throw new KsweepError('usage', '--canary-bootstrap-server and --local: give one of them');
  }
  return {
    ...flags,
    ...(canaryBootstrapServer === undefined ? {} : { bootstrapServer: canaryBootstrapServer }),
    ...(canaryKafkaVersion === undefined ? {} : { kafkaVersion: canaryKafkaVersion }),
  };
}

/**
 * `ksweep nightly`: everything around the night. Returns the exit status: 0, or the most severe of 2 (harness),
 * 3 (inconclusive), 5 (regressed) and 4 (threshold). `measureWith` replaces measuring, for tests.
 */
export async function nightlyCommand(flags: NightlyFlags, measureWith?: Measure): Promise<ExitStatus> {
  const suite = loadWorkload(flags.workload, { set: flags.set });
  const canary = loadWorkload(flags.canary ?? join(packageRoot(), 'workloads', 'nightly-canary.yaml'));
  const history = resolve(flags.history);
  const remote = remoteOf(flags);
  const deltas = deltasOf(flags.delta, flags.deltaFor);
  const canaryFlags = canaryCluster(flags);
  const limits = {
    budgetMs: flags.timeBudget === undefined ? null : duration('--time-budget', flags.timeBudget),
    resumeWithinMs: duration('--resume-within', flags.resumeWithin),
    retention: {
      keepRawNights: count('--keep-raw', flags.keepRaw),
      limitBytes: size('--disk-limit', flags.diskLimit),
    },
  };
  const say = (line: string): void => console.error(line);
  // What cannot be loaded from is told before the night begins.
  const suiteHosts = await loadHostsOf(flags, suite, say);
  const canaryHosts = await loadHostsOf(canaryFlags, canary, () => {});
  await HistoryStore.open(history);
  if (flags.historyCommit === true) await requireWorkTree(history);
  if (remote !== null) say(`history: ${await pullHistory(history, remote)} lines from ${remote.url}`);

  const interrupt = onInterrupt(() =>
    say('stopping; what was measured is kept, and the same command continues it'),
  );
  try {
    const outcome = await runNight({
      ...limits,
      history,
      suite,
      canary,
      deltas,
      label: flags.label ?? null,
      commit: flags.commit ?? (await currentCommit(process.cwd())),
      resumeOnly: flags.resumeOnly ?? false,
      journal: remote !== null,
      measure:
        measureWith ??
        kafkaMeasure({
          suite: { flags, loadHosts: suiteHosts.hosts },
          canary: { flags: canaryFlags, loadHosts: canaryHosts.hosts },
          command: `ksweep ${process.argv.slice(2).join(' ')}`,
          say,
        }),
      now: () => new Date(),
      signal: interrupt.signal,
      say,
    });
    if (outcome.kind === 'nothing-to-resume') {
      say('no night to continue');
      return EXIT.pass;
    }
    if (outcome.kind === 'interrupted') {
      say(`interrupted: ${outcome.dir}; the same command continues this night`);
      return EXIT.invalid;
    }
    const { report, dir } = outcome;
    process.stdout.write(flags.json === true ? nightJson(report) : nightTable(report));
    say(`report: ${join(dir, 'report.html')}\ntrend: ${join(history, 'trend.html')}`);
    const stored = await share(
      history,
      remote,
      flags.historyCommit === true ? `Add night ${report.night} of ${report.suite}` : null,
      say,
    );
    return mostSevere([report.status as ExitStatus, stored]);
  } finally {
    interrupt.dispose();
    await closePool();
  }
}

/** Copies and commits the history; a failure of it is the harness's, and takes nothing from the night's verdict. */
async function share(
  history: string,
  remote: Remote | null,
  message: string | null,
  say: (line: string) => void,
): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.pass;
  const attempt = async (body: () => Promise<unknown>): Promise<void> => {
    try {
      await body();
    } catch (error) {
      if (!(error instanceof KsweepError)) throw error;
      say(`ksweep: ${error.message}`);
      status = EXIT.harness;
    }
  };
  if (remote !== null) await attempt(() => pushHistory(history, remote));
  if (message !== null) await attempt(() => commitHistory(history, message));
  return status;
}
