/** What stands in place of a secret in files, on the terminal and in errors. */
export const REDACTED = '[redacted]';

/** Names whose values are secrets, in Kafka's, librdkafka's and the environment's spelling. */
const SECRET_NAME =
  /password|secret|jaas|token(?!.*url)|credential(?!s\.client\.id)|ssl[._](keystore[._])?key([._]pem)?$|api[._-]?key|oauthbearer[._]config/i;

/** Below this a value is too short to be looked for in running text: it would blank unrelated letters. */
const MIN_SECRET_LENGTH = 4;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** All secret values among settings, longest first, for `redactText`. */
export function secretsOf(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings)
    .filter(([name, value]) => isSecretName(name) && typeof value === 'string' && value !== '')
    .map(([, value]) => String(value))
    .sort((a, b) => b.length - a.length);
}

/** Secrets that this process was given, wherever they came from: nothing that it prints or writes may hold them. */
const remembered = new Set<string>();

/** Every secret in a JSON-like value, by the name of its key, is kept out of whatever is redacted from now on. */
export function rememberSecrets(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (!isSecretName(name)) rememberSecrets(inner);
    else for (const secret of scalarsIn(inner)) remembered.add(secret);
  }
}

function scalarsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalarsIn);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

const escapeForRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Passwords in `name=value` or `"name": "value"` form, in URLs, and every secret given, also in URL encoding. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  return redactNamed(withoutValues(text, secrets), /[=:]/);
}

/** As {@link redactText}, for our own sentences: after `sasl.password: ` comes what is wrong with it, not its value. */
export function redactMessage(text: string): string {
  return redactNamed(withoutValues(text, []), /=/);
}

function withoutValues(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of [...secrets, ...remembered].sort((a, b) => b.length - a.length)) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    const forms = new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
    for (const form of forms) result = result.replaceAll(new RegExp(escapeForRegExp(form), 'g'), REDACTED);
  }
  return result.replace(/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]*):[^\s/@]+@/gi, `$1:${REDACTED}@`);
}

/** Blanks values by the names before them; between a bare name and a bare value stands one of `separators`. */
function redactNamed(text: string, separators: RegExp): string {
  return text.replace(
    // A name begins where a word does: from each of its letters on, a long word would be looked through again.
    /(["']?)(?<![\w.-])([\w.-]+)\1(\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;"'}]+)/g,
    (match, quote: string, name: string, separator: string, value: string) => {
      const around = /^["']/.exec(value)?.[0] ?? '';
      const separated = quote !== '' || around !== '' || separators.test(separator);
      if (!separated || !isSecretName(name) || value.includes(REDACTED)) return match;
      return `${quote}${name}${quote}${separator}${around}${REDACTED}${around}`;
    },
  );
}

/** A copy of any JSON-like value with secrets replaced: by the name of their key, and wherever they occur in a string. */
export function redact<T>(value: T, secrets: readonly string[] = []): T {
  return redactValue(value, secrets) as T;
}

function redactValue(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redactText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecretName(name) && (typeof inner === 'string' || typeof inner === 'number')
        ? REDACTED
        : redactValue(inner, secrets),
    ]),
  );
}
