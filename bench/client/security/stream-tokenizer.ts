/** A token as java.io.StreamTokenizer cuts it, set up as Kafka's JaasConfig sets it up. */
export interface Token {
  /** A number has no text in Java, which is why it can be no value there. */
  readonly kind: 'word' | 'quoted' | 'number' | 'sign';
  readonly text: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\x0b',
};
// Java takes every character from U+00A0 on for a letter.
const WORD_START = /[A-Za-z_$\u00a0-\uffff]/;
const WORD = /[A-Za-z0-9_$.\-\u00a0-\uffff]/;
// A minus that no digit or point follows is a sign of its own, whatever Kafka adds to the letters of words.
const NUMBER_START = /^-?[0-9.]/;
const NUMBER = /^-?[0-9]*\.?[0-9]*/;

/** A quoted string from its opening quote: the text, and where it ends. It ends with its line, as in Java. */
function quoted(text: string, start: number): { readonly value: string; readonly end: number } {
  const quote = text[start];
  let value = '';
  let at = start + 1;
  while (at < text.length && text[at] !== quote && text[at] !== '\n' && text[at] !== '\r') {
    const char = text[at] ?? '';
    if (char !== '\\') {
      value += char;
      at++;
      continue;
    }
    const octal = /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(text.slice(at + 1, at + 4))?.[0];
    if (octal !== undefined) {
      value += String.fromCharCode(Number.parseInt(octal, 8));
      at += 1 + octal.length;
    } else {
      const next = text[at + 1] ?? '';
      value += ESCAPES[next] ?? next;
      at += 2;
    }
  }
  return { value, end: text[at] === quote ? at + 1 : at };
}

/** Cuts a text into tokens; comments (//, /* and a lone /) are left out. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char.charCodeAt(0) <= 0x20) at++;
    else if (char === '"' || char === "'") {
      const { value, end } = quoted(text, at);
      tokens.push({ kind: 'quoted', text: value });
      at = end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else if (char === '/') {
      // Java has read the character behind a slash before it looks for the end of the line.
      const end = text.slice(at + 2).search(/[\r\n]/);
      at = end < 0 ? text.length : at + 2 + end;
    } else if (WORD_START.test(char)) {
      let end = at + 1;
      while (end < text.length && WORD.test(text[end] ?? '')) end++;
      tokens.push({ kind: 'word', text: text.slice(at, end) });
      at = end;
    } else if (NUMBER_START.test(text.slice(at))) {
      // Java reads as much of it as is a number, and goes on behind it.
      const number = NUMBER.exec(text.slice(at))?.[0] ?? char;
      tokens.push({ kind: 'number', text: number });
      at += number.length;
    } else {
      tokens.push({ kind: 'sign', text: char });
      at++;
    }
  }
  return tokens;
}
