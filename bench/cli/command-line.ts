import { redactText } from '../common/redact.ts';

/** The command that reruns it, quoted for a shell, secrets blanked. */
export function commandLine(words: readonly string[], secrets: readonly string[]): string {
  const quoted = words.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return redactText(['ksweep', ...quoted].join(' '), secrets);
}
