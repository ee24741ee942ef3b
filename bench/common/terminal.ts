import { redactMessage } from './redact.ts';

/** Colours for a person at a terminal; plain text for everything else, and where NO_COLOR asks for it. */
const useColour = process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined;

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

/** A status line that rewrites itself on a terminal; elsewhere only the lines that stay are printed. */
export class StatusLine {
  readonly #stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;
  #shown = false;
  #step = '';

  constructor(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr) {
    this.#stream = stream;
  }

  get #live(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Shows the step under way and how it stands; where this is no terminal, a plain line as each step begins. */
  progress(step: string, standing: string): void {
    if (this.#live) this.#rewrite(`${step} · ${standing}`);
    else if (step !== this.#step) this.print(`${step} · ${standing}`);
    this.#step = step;
  }

  #rewrite(text: string): void {
    const width = (this.#stream.columns ?? 80) - 1;
    this.#stream.write(`\r\u001b[2K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    this.#shown = true;
  }

  /** Prints a line that stays. */
  print(text: string): void {
    this.clear();
    this.#stream.write(`${redactMessage(text)}\n`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001b[2K');
    this.#shown = false;
  }
}
