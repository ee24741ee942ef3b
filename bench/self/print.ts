/** Prints one figure beside its target; no target: it is told, and not judged. */
export function line(
  name: string,
  value: string,
  target?: { readonly text: string; readonly met: boolean },
): void {
  const verdict = target === undefined ? '    ' : target.met ? 'ok  ' : 'MISS';
  const wanted = target === undefined ? '' : `   target ${target.text}`;
  process.stdout.write(`${verdict}  ${name.padEnd(62)} ${value.padStart(24)}${wanted}\n`);
}

export const range = (values: readonly number[], digits = 2): string =>
  `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
