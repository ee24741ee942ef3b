import { invalid } from './payload-file.ts';

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP, COMMA] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d, 0x2c,
];
const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Each JSON value as a record, however it is laid out: values one after the other, or the elements of one list. Blanks
 * between the parts of a value are left out, as a producer's serializer does; its letters and figures stay as they are.
 */
export function* jsonRecords(bytes: Buffer, whole: boolean, path: string): Generator<Buffer> {
  let at = 0;
  const skipBlanks = (): void => {
    while (isBlank(bytes[at])) at++;
  };
  skipBlanks();
  const inList = bytes[at] === OPEN_LIST;
  if (inList) at++;
  for (;;) {
    skipBlanks();
    if (bytes[at] === COMMA && inList) {
      at++;
      continue;
    }
    if (at >= bytes.length || (inList && bytes[at] === CLOSE_LIST)) return;
    const from = at;
    const end = endOfValue(bytes, at);
    if (end === null) {
      if (!whole) return;
      throw invalid(
        `${path}: the JSON value at byte ${from} does not end`,
        'expected JSON values, or one list of them',
      );
    }
    if (end === from) {
      throw invalid(
        `${path}: no JSON value at byte ${from}: ${JSON.stringify(bytes.toString('utf8', from, from + 20))}`,
        'expected JSON values, or one list of them',
      );
    }
    yield compact(bytes.subarray(from, end));
    at = end;
  }
}

/** Where the value that begins at `from` ends; null where the bytes end first. */
function endOfValue(bytes: Buffer, from: number): number | null {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const closing = endOfText(bytes, at);
      if (closing === null) return null;
      at = closing;
      if (depth === 0) return at + 1;
    } else if (byte === OPEN_LIST || byte === OPEN_MAP) depth++;
    else if (byte === CLOSE_LIST || byte === CLOSE_MAP) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (isBlank(byte) || byte === COMMA)) return at;
  }
  return depth === 0 ? bytes.length : null;
}

/** Where the quote is that closes the text begun at `from`. */
function endOfText(bytes: Buffer, from: number): number | null {
  for (let at = from + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at;
  }
  return null;
}

function compact(value: Buffer): Buffer {
  const out = Buffer.allocUnsafe(value.length);
  let length = 0;
  let inText = false;
  for (let at = 0; at < value.length; at++) {
    const byte = value[at] as number;
    if (!inText && isBlank(byte)) continue;
    out[length++] = byte;
    if (byte === BACKSLASH && inText) out[length++] = value[++at] ?? 0;
    else if (byte === QUOTE) inText = !inText;
  }
  return out.subarray(0, length);
}
