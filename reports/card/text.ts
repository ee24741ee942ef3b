import { escaped } from '../html/markup.ts';

/** Widths of Inter SemiBold's characters in ems: the widest of each class, so that no line leaves its box. */
const CLASSES: readonly (readonly [characters: string, ems: number])[] = [
  [" ijlI!,.:;'·|", 0.32],
  ['tfr()[]/1-', 0.42],
  ['sakxzceEvyLJF7', 0.59],
  ['mwMW@%—…→', 0.98],
];
const LOWER_AND_DIGITS = 0.64;
const UPPER = 0.75;
/** Han, Hangul and their like fill a square, whatever font the system has for them. */
const SQUARE = 1.02;

/** How wide a text is at that size, pixels. */
export function textWidth(text: string, sizePx: number): number {
  let ems = 0;
  for (const character of text) {
    const known = CLASSES.find(([characters]) => characters.includes(character));
    if (known !== undefined) ems += known[1];
    else if (character > '\u2e80') ems += SQUARE;
    else ems += /[A-Z]/.test(character) ? UPPER : LOWER_AND_DIGITS;
  }
  return ems * sizePx;
}

/** Lines of at most that width; what does not fit into the last one ends in an ellipsis. */
export function wrapped(text: string, sizePx: number, widthPx: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || textWidth(longer, sizePx) <= widthPx) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  const shown = lines.slice(0, maxLines);
  const last = shown.length - 1;
  return shown.map((one, i) =>
    textWidth(one, sizePx) > widthPx || (i === last && lines.length > maxLines)
      ? shortened(one, sizePx, widthPx)
      : one,
  );
}

function shortened(text: string, sizePx: number, widthPx: number): string {
  let end = text.length;
  while (end > 0 && textWidth(`${text.slice(0, end)}…`, sizePx) > widthPx) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** A block of lines whose first one has its baseline at `y`. */
export function linesSvg(
  lines: readonly string[],
  at: { readonly x: number; readonly y: number; readonly sizePx: number; readonly leading?: number },
  attributes: string,
): string {
  const { x, y, sizePx, leading = 1.3 } = at;
  return lines
    .map(
      (line, i) =>
        `<text x="${x}" y="${Math.round(y + i * sizePx * leading)}" font-size="${sizePx}" ${attributes}>${escaped(line)}</text>`,
    )
    .join('');
}
