import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KsweepError } from '../../../bench/common/errors.ts';
import { cacheFolder } from '../../../infra/local/folders.ts';
import { answersOf, tableOf, writeIntoDocs } from '../table.ts';
import { CALM, REAL_CAUSES, type RealCause } from './causes.ts';
import { removeGroups } from './control-group.ts';
import { missingFor } from './here.ts';
import { Journal, type Outcome } from './journal.ts';
import { SETUPS, type SetupName } from './setups.ts';

/**
 * `npm run confusion:real -- [RUNS] [CAUSE…] [--resume]`: puts each cause into real brokers and a real load host, prints
 * which were named, and writes it into docs/why.md. Five runs a cause and ten calm ones where no number is given.
 * `--resume` measures only what an earlier process has not. Needs Linux and root.
 */

const RUNS = 5;
const CALM_RUNS = 10;
/** Starting brokers and warming them up. */
const SETUP_LIMIT_MS = 120_000;
const RUN_LIMIT_MS = 75_000;

const words = process.argv.slice(2);
const resume = words.includes('--resume');
const runs = words.find((word) => /^\d+$/.test(word));
const ids = words.filter((word) => !/^\d+$/.test(word) && word !== '--resume');
const all = [...REAL_CAUSES, CALM];
const wrong = ids.find((id) => !all.some((one) => one.id === id));
if (wrong !== undefined) {
  const hint = `expected one of ${all.map(({ id }) => id).join(', ')}`;
  throw new KsweepError('usage', `no cause ${wrong}`, { hint });
}
const wanted = all.filter(({ id }) => ids.length === 0 || ids.includes(id));
const runsOf = (cause: RealCause): number =>
  runs === undefined ? (cause === CALM ? CALM_RUNS : RUNS) : Number(runs);

const journal = new Journal(join(cacheFolder(), 'confusion-real.jsonl'));
// Of a process that was killed.
removeGroups('ksweep-causes-');
if (!resume) journal.forget(wanted.map(({ id }) => id));

/** Measures in a process with namespaces of its own, which take what was mounted along when it ends. */
async function measure(setup: SetupName, jobs: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-causes-'));
  const prefix = `ksweep-causes-${process.pid}`;
  const entry = fileURLToPath(new URL('./one-setup.js', import.meta.url));
  const network = 'ownNetwork' in SETUPS[setup] ? ['--net'] : [];
  const child = spawn(
    'unshare',
    ['--mount', ...network, process.execPath, entry, setup, folder, prefix, journal.file, ...jobs],
    { stdio: 'inherit' },
  );
  const limit = setTimeout(() => child.kill('SIGKILL'), SETUP_LIMIT_MS + jobs.length * RUN_LIMIT_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(limit);
  removeGroups(prefix);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

const known = new Set(journal.read().map(({ cause, run }) => `${cause}:${run}`));
for (const setup of Object.keys(SETUPS) as SetupName[]) {
  const jobs = wanted
    .filter((cause) => cause.setup === setup && missingFor(cause) === null)
    .flatMap((cause) => Array.from({ length: runsOf(cause) }, (_, run) => `${cause.id}:${run}`))
    .filter((job) => !known.has(job));
  if (jobs.length > 0) await measure(setup, jobs);
}

function rowOf(cause: RealCause, outcomes: readonly Outcome[]): string[] {
  const missing = missingFor(cause);
  const own = outcomes.filter((one) => one.cause === cause.id);
  const measured = own.filter(({ failed }) => failed === null).map(({ named }) => named);
  const failed = own.length - measured.length;
  const right = measured.filter((one) =>
    cause === CALM ? one === null : one !== null && cause.named.test(one),
  );
  const answers = [
    ...(missing === null ? [] : [`not possible here: ${missing}`]),
    ...(missing === null && own.length === 0 ? ['not run'] : []),
    ...(measured.length > 0 ? [answersOf(measured)] : []),
    ...(failed > 0 ? [`no result × ${failed}`] : []),
  ];
  return [
    cause.name,
    cause.how,
    answers.join(', '),
    own.length === 0 ? '–' : `${right.length} of ${own.length}`,
  ];
}

const outcomes = journal.read();
const rows = all.map((cause) => rowOf(cause, outcomes));
const table = tableOf(['Really put in', 'How', 'Named', 'Right'], rows);
console.log(table);
writeIntoDocs(table);
