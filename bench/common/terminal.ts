import { redactMessage } from './redact.ts';

/** Whether lines can be drawn over: a terminal, and none that says it is dumb. */
function isLive(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Whether a stream gets colours: https://no-color.org has an empty NO_COLOR count for nothing. */
export function takesColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return isLive(stream, env) && (env['NO_COLOR'] ?? '') === '';
}

/** Colours for a person at a terminal; plain text for everything else, and where NO_COLOR asks for it. */
const useColour = takesColour(process.stderr, process.env);

const paint =
  (code: number) =>
  (text: string): string =>
    useColour ? `\u001b[${code}m${text}\u001b[0m` : text;

export const dim = paint(2);
export const green = paint(32);
export const yellow = paint(33);
export const red = paint(31);

/** "1 h 5 min", "2 min 10 s", "8 s". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const BETWEEN = ' · ';

/** A line as lines that fit: broken between its parts, else between words; a word that is too long is cut. */
function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  const add = (piece: string, between: string): void => {
    const longer = `${lines.at(-1) ?? ''}${between}${piece}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(lines.length === 0 ? piece : `    ${piece}`);
  };
  for (const part of text.split(BETWEEN)) {
    if (part.length + 4 <= width) add(part, BETWEEN);
    // Columns are for lines that have room for them.
    else for (const [i, word] of part.trim().split(/ +/).entries()) add(word, i === 0 ? BETWEEN : ' ');
  }
  return lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
}

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows' | 'write'>;

/** Lines that are drawn over in place on a terminal; elsewhere only the lines that stay are printed. */
export class StatusLine {
  readonly #stream: Stream;
  readonly #live: boolean;
  /** Lines on the screen that the next drawing goes over. */
  #shown = 0;
  #step = '';

  constructor(stream: Stream = process.stderr, env: NodeJS.ProcessEnv = process.env) {
    this.#stream = stream;
    this.#live = isLive(stream, env);
  }

  /** Whether somebody sees what is drawn: else there is no need to compute details. */
  get isLive(): boolean {
    return this.#live;
  }

  /**
   * Shows the step under way, how it stands, and details in lines of their own; where nothing can be drawn over, a
   * plain line as each step begins.
   */
  progress(step: string, standing: string, details: readonly string[] = []): void {
    if (this.#live) this.#draw([`${step} · ${standing}`, ...details]);
    else if (step !== this.#step) this.print(`${step} · ${standing}`);
    this.#step = step;
  }

  #draw(lines: readonly string[]): void {
    const width = (this.#stream.columns ?? 80) - 1;
    // A region as high as the screen would scroll, and could not be drawn over.
    const kept = lines
      .flatMap((text) => wrapped(text, width))
      .slice(0, Math.max(1, (this.#stream.rows ?? 24) - 1));
    this.#stream.write(`${this.#erased()}${kept.join('\n')}`);
    this.#shown = kept.length;
  }

  /** What takes the cursor to the region's first column, with nothing left of it. */
  #erased(): string {
    return `\r\u001b[2K${'\u001b[1A\u001b[2K'.repeat(Math.max(0, this.#shown - 1))}`;
  }

  /** Prints a line that stays. */
  print(text: string): void {
    this.clear();
    this.#stream.write(`${redactMessage(text)}\n`);
  }

  clear(): void {
    if (this.#shown > 0) this.#stream.write(this.#erased());
    this.#shown = 0;
  }
}
