import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import { rememberSecrets } from '../../common/redact.ts';

/** Where a schema is, by the REST interface of a schema registry (Confluent's, Karapace, Apicurio's compatible one). */
export interface RegistrySubject {
  readonly registry: string;
  readonly subject: string;
  readonly version: 'latest' | number;
}

/** A schema as the registry has it, in a file, with its id. */
export interface RegisteredSchema {
  readonly file: string;
  readonly schemaId: number;
  readonly version: number;
}

interface Answer {
  readonly schema: string;
  readonly id: number;
  readonly version: number;
  /** Absent for Avro. */
  readonly schemaType?: string;
  readonly references?: readonly {
    readonly name: string;
    readonly subject: string;
    readonly version: number;
  }[];
}

const TYPES = { avro: 'AVRO', protobuf: 'PROTOBUF', 'json-schema': 'JSON' } as const;
const ENDINGS = { avro: 'avsc', protobuf: 'proto', 'json-schema': 'json' } as const;
const LIMIT_MS = 10_000;

const refuse = (message: string, hint: string): KsweepError =>
  new KsweepError('workload-invalid', `records.payload.registry: ${message}`, { hint });

/** KSWEEP_SCHEMA_REGISTRY_AUTH: "user:password" or a bearer token. */
function authorization(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = env['KSWEEP_SCHEMA_REGISTRY_AUTH'];
  if (given === undefined || given === '') return {};
  rememberSecrets({ password: given, token: given.slice(given.indexOf(':') + 1) });
  return {
    authorization: given.includes(':') ? `Basic ${Buffer.from(given).toString('base64')}` : `Bearer ${given}`,
  };
}

async function ask(
  { registry, subject, version }: RegistrySubject,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Answer> {
  const base = registry.replace(/\/+$/, '');
  const url = `${base}/subjects/${encodeURIComponent(subject)}/versions/${version}`;
  const accept = 'application/vnd.schemaregistry.v1+json, application/json';
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      headers: { accept, ...authorization(env) },
      signal: AbortSignal.timeout(LIMIT_MS),
      redirect: 'error',
    });
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw refuse(
      `${base} did not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
      'check the address; `schema:` with a file and `schemaId:` need no registry',
    );
  }
  if (response.status === 401 || response.status === 403) {
    throw refuse(
      `${base} refused the login (${response.status})`,
      'set KSWEEP_SCHEMA_REGISTRY_AUTH to user:password, or to a bearer token',
    );
  }
  if (response.status === 404) {
    throw refuse(
      `${base} has no version ${version} of subject ${subject}`,
      'a subject is called after its topic and part as a rule, such as orders-value',
    );
  }
  const answer = parsed(text);
  if (!response.ok || answer === null) {
    throw refuse(`${base} answered ${response.status}, and not with a schema`, 'check the address');
  }
  return answer;
}

function parsed(text: string): Answer | null {
  try {
    const value = JSON.parse(text) as Partial<Answer>;
    return typeof value.schema === 'string' && Number.isInteger(value.id) ? (value as Answer) : null;
  } catch {
    return null;
  }
}

/** A name that stays within its folder. */
function inside(folder: string, name: string): string {
  const path = normalize(name);
  if (path.startsWith('..') || path.startsWith('/')) {
    throw refuse(`a reference is called ${name}`, 'a name that leads out of its folder is not followed');
  }
  return join(folder, path);
}

/**
 * Fetches a subject's schema into a folder, with what a .proto file imports. Throws workload-invalid in words: no
 * answer, no such subject, another kind of schema, references that are not followed.
 */
export async function fetchSchema(
  source: keyof typeof TYPES,
  wanted: RegistrySubject,
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<RegisteredSchema> {
  const answer = await ask(wanted, env);
  const { schemaType = 'AVRO', references = [] } = answer;
  if (schemaType !== TYPES[source]) {
    const kind = Object.entries(TYPES).find(([, type]) => type === schemaType)?.[0] ?? schemaType;
    throw refuse(`subject ${wanted.subject} is ${schemaType}, not ${TYPES[source]}`, `use source: ${kind}`);
  }
  if (references.length > 0 && source !== 'protobuf') {
    throw refuse(
      `subject ${wanted.subject} refers to other subjects (${references.map(({ subject }) => subject).join(', ')})`,
      'put all of it into one file and give it as `schema:` with `schemaId:`',
    );
  }
  const file = inside(folder, `${wanted.subject.replaceAll(/[^\w.-]/g, '_')}.${ENDINGS[source]}`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, answer.schema);
  const seen = new Set<string>();
  const follow = async (all: Answer['references']): Promise<void> => {
    for (const { name, subject, version } of all ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      const referred = await ask({ registry: wanted.registry, subject, version }, env);
      const path = inside(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, referred.schema);
      await follow(referred.references);
    }
  };
  await follow(references);
  return { file, schemaId: answer.id, version: answer.version };
}
