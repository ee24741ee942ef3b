import { writeFileSync } from 'node:fs';
import type { z } from 'zod';
import { type Catalog, loadCatalog } from '../../../infra/catalog/catalog.ts';
import {
  checkInput,
  type InputFile,
  mergeInputs,
  readInputFile,
} from '../../../reports/sizing/input/check.ts';
import { renderMarkdown } from '../../../reports/sizing/render/markdown.ts';
import { renderSummary } from '../../../reports/sizing/render/summary.ts';
import { renderText } from '../../../reports/sizing/render/text.ts';
import type { SizingReport } from '../../../reports/sizing/report.ts';
import { KsweepError } from '../../common/errors.ts';

/** What commander hands over: the shared options, and the questions by their keys. */
export interface SizeOptions {
  readonly demand?: string;
  readonly run: readonly string[];
  readonly where: readonly string[];
  readonly prices?: string;
  readonly catalog?: string;
  readonly json?: boolean;
  readonly markdown?: string;
  readonly html?: string;
  readonly full?: boolean;
  readonly fromTopic?: string;
  readonly fromSample?: string;
  readonly sampleRecords?: string;
  readonly bootstrapServer?: string;
  readonly commandConfig?: string;
  readonly [question: string]: unknown;
}

const SHARED = new Set([
  ...['demand', 'run', 'where', 'prices', 'catalog', 'json', 'markdown', 'html', 'full'],
  ...['fromTopic', 'fromSample', 'sampleRecords', 'bootstrapServer', 'commandConfig'],
]);

export interface Answers<T> {
  readonly demand: T;
  /** Keys that the user answered, in the file or on the command line. */
  readonly given: ReadonlySet<string>;
  /** The answers as they were written, before any default. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly catalog: Catalog;
  readonly where: Readonly<Record<string, string>>;
}

function parseWhere(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0) {
        throw new KsweepError('sizing-input', `where: "${pair}" is not a setting and its value`, {
          hint: 'write --where compression.type=zstd',
        });
      }
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Answers that go together: who gives one has another peak, or another traffic, in mind than the sample's. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  average: ['average', 'peak'],
  peak: ['average', 'peak'],
  peakFactor: ['peak'],
};

function unlessAnswered(
  sampled: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const dropped = new Set(Object.keys(own).flatMap((key) => TOGETHER[key] ?? []));
  return Object.fromEntries(Object.entries(sampled).filter(([key]) => !dropped.has(key)));
}

/** Reads the demand file and the options over it, and checks them. Throws KsweepError('sizing-input'). */
export function readAnswers<S extends z.ZodType>(
  schema: S,
  options: SizeOptions,
  sampled: Readonly<Record<string, unknown>> = {},
): Answers<z.output<S>> {
  const file: InputFile | undefined =
    options.demand === undefined ? undefined : readInputFile(options.demand);
  const answered = Object.entries(options).filter(([key, value]) => !SHARED.has(key) && value !== undefined);
  const optionNames = new Set(answered.map(([key]) => key));
  const own = mergeInputs(file, Object.fromEntries(answered));
  const values = { ...unlessAnswered(sampled, own), ...own };
  return {
    demand: checkInput(schema, values, { file, optionNames }),
    given: new Set(Object.keys(values)),
    written: values,
    catalog: loadCatalog(options.catalog === undefined ? {} : { userFile: options.catalog }),
    where: parseWhere(options.where),
  };
}

/** Writes one file of the answer. Throws KsweepError('sizing-input') where it cannot be written. */
function writeOutput(option: string, file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = {
      ENOENT: 'its folder does not exist',
      EACCES: 'permission denied',
      EISDIR: 'it is a folder',
    }[code ?? ''];
    throw new KsweepError('sizing-input', `--${option} ${file}: cannot be written: ${why ?? message}`, {
      hint: 'name a file in a folder that exists and may be written to',
      cause: error,
    });
  }
}

/**
 * Writes the answer where it was asked for: files first, so that nothing is printed where one cannot be written. An
 * infeasible demand is printed with its reasons and then thrown as KsweepError('sizing-infeasible'), so that it exits 3.
 */
export async function deliver(report: SizingReport, options: SizeOptions): Promise<void> {
  if (options.markdown !== undefined) writeOutput('markdown', options.markdown, renderMarkdown(report));
  if (options.html !== undefined) {
    const { renderHtml } = await import('../../../reports/sizing/render/html.ts');
    writeOutput('html', options.html, renderHtml(report));
  }
  const text = () => (options.full === true ? renderText(report) : renderSummary(report));
  process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : text());
  if (!report.feasible) {
    const [way] = report.waysOut;
    throw new KsweepError('sizing-infeasible', 'the demand cannot be met as stated', {
      details: report.infeasible.map((one) => `${one.constraint}: ${one.message}`),
      hint:
        way === undefined
          ? 'nothing within reach makes it feasible: change the demand itself'
          : `${way.change} would make it feasible (${way.answer})${report.waysOut.length > 1 ? '; other ways stand above' : ''}`,
    });
  }
}
