import { KsweepError } from '../common/errors.ts';

const PREFIX = 'KSWEEP_';

/** Environment variables that are read, beside those of the connection (bench/client/security/client-properties.ts). */
const VARIABLES = [
  'KSWEEP_BATCH_ADDON',
  'KSWEEP_CACHE',
  'KSWEEP_CHROMIUM',
  'KSWEEP_EC2_STATE',
  'KSWEEP_HOLD',
  'KSWEEP_LANG',
  'KSWEEP_METRICS_CA',
  'KSWEEP_METRICS_TOKEN',
  'KSWEEP_OS_RELEASE',
  'KSWEEP_SCHEMA_REGISTRY_AUTH',
  'KSWEEP_SELF_ROUNDS',
  'KSWEEP_STATE',
];

/** Refuses variables of ours that nobody reads: what a user asks for and does not get is an error. */
export async function refuseUnknownVariables(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const unsure = Object.keys(env).filter((name) => name.startsWith(PREFIX) && !VARIABLES.includes(name));
  if (unsure.length === 0) return;
  const { ENVIRONMENT } = await import('../client/security/client-properties.ts');
  const known = [...VARIABLES, ...Object.keys(ENVIRONMENT)];
  const unknown = unsure.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const { nearest } = await import('../common/nearest.ts');
  throw new KsweepError('usage', `${unknown.join(', ')}: no variable of ksweep`, {
    hint: unknown
      .map((name) => {
        const meant = nearest(name, known);
        return meant === undefined ? `unset ${name}` : `did you mean ${meant}?`;
      })
      .join(' '),
  });
}
