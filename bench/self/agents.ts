import type { LocalCluster } from '../../infra/local/cluster.ts';
import { cliFile } from '../common/package-root.ts';
import { createRandom } from '../common/random.ts';
import { FrameReader, framesOf } from '../load/agent/frames.ts';
import { parseLoadHosts } from '../load/agent/load-hosts.ts';
import type { FromAgent } from '../load/agent/protocol.ts';
import type { IntervalSnapshot } from '../load/protocol.ts';
import {
  DUE_TO_ACK,
  DUE_TO_SENT,
  END_TO_END_ACROSS,
  prepareRecorder,
  Recorder,
  SENT_TO_ACK,
} from '../load/recorder.ts';
import { mergeRepeat } from '../run/judge/merge.ts';
import { LiveMetrics } from '../run/live/live-metrics.ts';
import { LiveView } from '../run/live/live-view.ts';
import { normalDraw } from '../stats/normal.ts';
import { line } from './print.ts';
import { smallRun } from './small-run.ts';

const AGENTS = 50;
const START_TARGET_SEC = 15;
const GENERATORS = [200, 1_000];
/** Of one core, with the first count of generators. */
const SHARE_TARGET = 0.25;
const SECONDS = 20;
/** Records of one generator a second: what 200 of them do with a cluster that takes 200,000. */
const RECORDS = 1_000;
/** Snapshots that are made a second and role; the others are the same under another name. */
const DIFFERENT = 20;

/** From the command to the load's first second, with a producer on each of 50 agents: idle rates, one machine. */
async function startSec(cluster: LocalCluster, resultsDir: string): Promise<number> {
  const names = Array.from({ length: AGENTS }, (_, i) => `h${i}`);
  const main = cliFile();
  const command = `${process.execPath} ${main} agent --stdio # {host}`;
  const input = {
    name: 'agents',
    load: { rate: AGENTS, producers: AGENTS, warmup: 0, duration: 2 },
    records: { corpus: '1MiB' },
    repeats: 1,
  };
  const beganAt = performance.now();
  let loadedAt = Number.NaN;
  const { results } = await smallRun(cluster, resultsDir, input, {
    loadHosts: parseLoadHosts(`exec:${names.join(',')}:${command}`, 'bench:self', '.'),
    onProgress({ phase }) {
      if (phase === 'warmup' && Number.isNaN(loadedAt)) loadedAt = performance.now();
    },
  });
  const failed = results.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined) throw new Error(JSON.stringify(failed.reasons));
  return (loadedAt - beganAt) / 1000;
}

/** One second of one generator: half of them produce, half consume from another host. */
function snapshotOf(
  role: Role,
  second: number,
  recorder: Recorder,
  latencyUs: () => number,
): IntervalSnapshot {
  const produces = role === 'producer';
  for (let i = 0; i < RECORDS; i++) {
    // Most acknowledgements come in the second in which the record was due.
    const due = second - (i % 50 === 0 && second > 0 ? 1 : 0);
    for (const latency of produces ? [DUE_TO_ACK, SENT_TO_ACK, DUE_TO_SENT] : [END_TO_END_ACROSS]) {
      recorder.record(latency, due, latencyUs());
    }
  }
  const counted = produces ? { due: RECORDS, sent: RECORDS, acked: RECORDS } : { received: RECORDS };
  Object.assign(recorder.counters, counted);
  return recorder.snapshot(second, produces ? {} : { positions: { 0: second * RECORDS } });
}

type Role = 'producer' | 'consumer';

const cpuSec = (from: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
};

/** CPU of the coordinator with so many generators, a second of the load: what comes in, what is shown, and the merging. */
function coordinatorShare(generators: number): { readonly live: number; readonly merging: number } {
  const random = createRandom(generators);
  // Log-normal: a p50 of 2 ms, a p99 of 13 ms.
  const latencyUs = (): number => 2_000 * Math.exp(0.8 * normalDraw(random));
  const names = Array.from({ length: generators }, (_, i) =>
    i % 2 === 0 ? `producer-${i / 2}` : `consumer-0-${(i - 1) / 2}`,
  );
  const snapshots = new Map<string, IntervalSnapshot[]>(names.map((name) => [name, []]));
  const readers = names.map(() => new FrameReader());
  const recorder = new Recorder(() => 0);
  const [metrics, view] = [new LiveMetrics('self'), new LiveView()];
  const progress = {
    runId: 'r',
    cell: 'c',
    cellId: 'c',
    block: 0,
    attempt: 0,
    finished: 0,
    total: 1,
    leftMs: 0,
  };
  for (const shown of [metrics, view]) shown.onProgress({ ...progress, phase: 'measure' });
  let live = 0;
  for (let second = 0; second < SECONDS; second++) {
    const made = (role: Role): IntervalSnapshot[] =>
      Array.from({ length: DIFFERENT }, () => snapshotOf(role, second, recorder, latencyUs));
    const [produced, consumed] = [made('producer'), made('consumer')];
    const frames = names.map((name, i) => {
      const snapshot = (i % 2 === 0 ? produced : consumed)[Math.floor(i / 2) % DIFFERENT] as IntervalSnapshot;
      const message: FromAgent = { type: 'from', name, message: { type: 'interval', snapshot } };
      return Buffer.concat([...framesOf(message, false)]);
    });
    const before = process.cpuUsage();
    for (const [i, bytes] of frames.entries()) {
      for (const told of (readers[i] as FrameReader).push(bytes) as FromAgent[]) {
        if (told.type !== 'from' || told.message.type !== 'interval') continue;
        snapshots.get(told.name)?.push(told.message.snapshot);
        metrics.onSnapshot(told.name, told.message.snapshot);
        view.onSnapshot(told.message.snapshot);
      }
    }
    // Somebody looks each second: at the terminal, and by a scrape.
    view.lines({ ...progress, phase: 'measure' }, metrics.lastSecond());
    metrics.text();
    live += cpuSec(before);
  }
  recorder.close();
  const before = process.cpuUsage();
  const { latencyUs: merged, fromSec } = mergeRepeat({
    processes: [...snapshots.values()],
    startEpochMs: 0,
    warmupSec: 0,
    endSec: SECONDS,
    seekSteadyState: true,
    openTap: false,
    clocks: { errorUs: 100, askedUs: null },
  });
  const merging = cpuSec(before);
  const timed = merged['due-to-ack']?.count ?? 0;
  // The last second's late ones would have come in the next snapshot.
  const wanted = (generators / 2) * RECORDS * (SECONDS - fromSec);
  if (timed < 0.98 * wanted) throw new Error(`${timed} of ${wanted} records were merged`);
  return { live: live / SECONDS, merging: merging / SECONDS };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Agents in numbers: how long 50 take to start, and what the snapshots of hundreds of generators cost the coordinator. */
export async function agents(cluster: LocalCluster, resultsDir: string): Promise<void> {
  const sec = await startSec(cluster, resultsDir);
  line(`${AGENTS} agents: from the command to the load`, `${sec.toFixed(1)} s`, {
    text: `< ${START_TARGET_SEC} s`,
    met: sec < START_TARGET_SEC,
  });
  await prepareRecorder();
  for (const [i, generators] of GENERATORS.entries()) {
    const { live, merging } = coordinatorShare(generators);
    const share = live + merging;
    line(
      `coordinator of ${generators} generators, of a core (${percent(live)} live, ${percent(merging)} merging)`,
      percent(share),
      i === 0 ? { text: `< ${percent(SHARE_TARGET)}`, met: share < SHARE_TARGET } : undefined,
    );
  }
}
