import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { KsweepError } from '../../common/errors.ts';
import { formatDuration } from '../../common/terminal.ts';
import { parseDurationMs } from '../../common/units.ts';
import { type Payload, readPayload } from './payload.ts';
import { fitToBudget, outline, type Phase, phaseMs } from './phases.ts';
import {
  type CodecsFlags,
  type CodecsRequest,
  codecsRequestSchema,
  maxMessageBytes,
  requestOf,
} from './request.ts';

export const START_FILE = 'codecs-request.json';
const startSchema = z.strictObject({ command: z.string(), request: codecsRequestSchema });
type Start = z.infer<typeof startSchema>;

/** A comparison that is checked and ready to be measured. */
export interface Ready {
  readonly request: CodecsRequest;
  readonly payload: Payload;
  readonly phases: readonly Phase[];
  readonly totalMs: number;
  /** What was given up for the budget, in words. */
  readonly cut: string | null;
  /** The command that began it, where it is resumed. */
  readonly command: string | null;
}

/** A new comparison, or the folder of one that goes on. */
export interface StartFlags extends CodecsFlags {
  readonly resume?: string;
}

/** What the folder of an earlier comparison was asked for. Throws run-folder-invalid. */
function startOf(dir: string): Start {
  const file = join(resolve(dir), START_FILE);
  try {
    return startSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new KsweepError('run-folder-invalid', `${dir} is not a folder of ksweep codecs: ${detail}`, {
      hint: 'give the folder itself, not the run folder of one of its phases',
    });
  }
}

export const startText = (start: Start): string => `${JSON.stringify(start, null, 2)}\n`;

/** Reads options or an earlier request, and checks everything that can be checked without a cluster. */
export async function prepare(flags: StartFlags): Promise<Ready> {
  const earlier = flags.resume === undefined ? null : startOf(flags.resume);
  const asked = earlier?.request ?? requestOf(flags);
  const payload = await readPayload(asked.payload, maxMessageBytes(asked));
  const budget = earlier === null ? flags.budget : undefined;
  const request = budget === undefined ? asked : fitToBudget(asked, payload, budgetMs(budget)).request;
  const phases = outline(request, payload);
  const totalMs = phases.reduce((sum, phase) => sum + phaseMs(phase), 0);
  return {
    request,
    payload,
    phases,
    totalMs,
    cut: cutText(asked, request),
    command: earlier?.command ?? null,
  };
}

function cutText(asked: CodecsRequest, fitted: CodecsRequest): string | null {
  const parts = [
    ['of the screen', asked.repeats, fitted.repeats] as const,
    ['of the finalists', asked.finalistRepeats, fitted.finalistRepeats] as const,
  ].flatMap(([what, before, after]) =>
    after < before ? [`${after} repeats ${what} instead of ${before}`] : [],
  );
  return parts.length === 0 ? null : `to fit the budget: ${parts.join(', ')}`;
}

function budgetMs(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || /^\d+$/.test(text)) {
    throw new KsweepError('usage', `--budget ${text}: expected a duration with its unit, such as 20m or 2h`);
  }
  return ms;
}

const WHAT: Readonly<Record<Phase['name'], string>> = {
  screen: 'every configuration',
  finalists: 'the best of them again, with a fresh seed; none as the reference',
  stamp: 'the finalists with and without the measuring stamp',
  recompression: 'a topic that keeps the producer’s codec, and one that recompresses',
  capacity: 'search of the finalists’ sustainable rate',
};

/** What would run, for people. */
export function describeReady({ phases, totalMs, request, payload, cut }: Ready): string {
  const lines = [
    `${payload.name}, ${Math.round(payload.meanBytes)} B per record on average, offered at ${request.rate}; priority: ${request.priority}`,
  ];
  for (const phase of phases) {
    const { plan, workload, name } = phase;
    lines.push(
      `${name}: ${plan.cells.length} cells × ${workload.repeats} blocks, about ${formatDuration(phaseMs(phase))} (${WHAT[name]})`,
    );
    if (name === 'screen') for (const label of phase.labels.values()) lines.push(`  ${label}`);
  }
  if (cut !== null) lines.push(cut);
  lines.push(`about ${formatDuration(totalMs)} in all`);
  return lines.join('\n');
}
