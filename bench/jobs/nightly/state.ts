import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../../common/write-atomically.ts';
import { NIGHT_ID, nightIdOf, timeOfNight } from './history/record.ts';

/** The three runs of a night, in their order. */
export const STEPS = ['canary-first', 'suite', 'canary-last'] as const;
export type Step = (typeof STEPS)[number];

const stateSchema = z.strictObject({
  v: z.literal(1),
  night: z.string().regex(NIGHT_ID),
  startedAt: z.iso.datetime(),
  /** Digests of the resolved workloads: a night goes on only with the same ones. */
  suiteSha256: z.string(),
  canarySha256: z.string(),
  label: z.string().nullable(),
  commit: z.string().nullable(),
  /** Positions in the suite's plan that were given up for time. */
  dropped: z.array(z.int()),
  /** Whether the history has it: nothing of it is run again. */
  finished: z.boolean(),
});
/** What a night that was cut off needs to go on. */
export type NightState = z.infer<typeof stateSchema>;

const STATE_FILE = 'night.json';
const nightsDir = (history: string): string => join(history, 'nights');
export const nightDir = (history: string, night: string): string => join(nightsDir(history), night);

export async function writeState(history: string, state: NightState): Promise<void> {
  const dir = nightDir(history, state.night);
  await mkdir(dir, { recursive: true });
  await writeAtomically(join(dir, STATE_FILE), [`${JSON.stringify(state, null, 2)}\n`]);
}

/** Every night that has a folder, oldest first; null for the state where it cannot be read. */
export async function readStates(
  history: string,
): Promise<{ readonly night: string; readonly state: NightState | null }[]> {
  const names = (await readdir(nightsDir(history)).catch(() => []))
    .filter((name) => NIGHT_ID.test(name))
    .sort();
  return Promise.all(
    names.map(async (night) => {
      try {
        const text = await readFile(join(nightDir(history, night), STATE_FILE), 'utf8');
        return { night, state: stateSchema.parse(JSON.parse(text)) };
      } catch {
        return { night, state: null };
      }
    }),
  );
}

/** A name that no night has yet. */
export function freshNight(history: string, now: Date): string {
  const base = nightIdOf(now);
  let name = base;
  for (let suffix = 1; existsSync(nightDir(history, name)); suffix++) name = `${base}-${suffix}`;
  return name;
}

/** The run folder of a step, or null where it has not begun. One that was torn off before its manifest is none. */
export async function runFolderOf(history: string, night: string, step: Step): Promise<string | null> {
  const parent = join(nightDir(history, night), step);
  const names = (await readdir(parent).catch(() => [])).sort();
  const found = names.filter((name) => existsSync(join(parent, name, 'manifest.json')));
  const last = found.at(-1);
  return last === undefined ? null : join(parent, last);
}

export interface Resumable {
  readonly state: NightState | null;
  /** Nights that were cut off and will not go on, and why. */
  readonly abandoned: readonly string[];
}

/** The unfinished night that these workloads go on with, where it began less than `withinMs` ago. */
export async function findResumable(
  history: string,
  digests: { readonly suite: string; readonly canary: string },
  now: Date,
  withinMs: number,
): Promise<Resumable> {
  let found: NightState | null = null;
  const abandoned: string[] = [];
  for (const { night, state } of await readStates(history)) {
    if (state === null) {
      abandoned.push(`night ${night} has no readable ${STATE_FILE}`);
      continue;
    }
    if (state.finished) continue;
    const ageMs = now.getTime() - timeOfNight(night);
    if (state.suiteSha256 !== digests.suite || state.canarySha256 !== digests.canary) {
      abandoned.push(`night ${night} was cut off, and the workload has changed since`);
    } else if (ageMs > withinMs || ageMs < 0) {
      abandoned.push(`night ${night} was cut off and is too old to go on`);
    } else {
      if (found !== null) abandoned.push(`night ${found.night} was cut off, and ${night} began after it`);
      found = state;
    }
  }
  return { state: found, abandoned };
}
