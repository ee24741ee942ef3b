import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KsweepError } from '../../bench/common/errors.ts';
import { packageRoot } from '../../bench/common/package-root.ts';
import { cacheFolder } from './folders.ts';
import { majorOf } from './versions.ts';

const FETCH_LIMIT_MS = 600_000;
const MARKER = 'complete.json';

/** The version of an unpacked distribution, read from the name of its server jar. */
export function versionOfHome(home: string): string {
  let names: string[] = [];
  try {
    names = readdirSync(join(home, 'libs'));
  } catch {
    // reported below, together with a folder that is there and holds no Kafka
  }
  for (const name of names) {
    const version = /^kafka_2\.\d+-(\d+\.\d+\.\d+.*)\.jar$/.exec(name)?.[1];
    if (version !== undefined && !/-(sources|javadoc|test)/.test(version)) return version;
  }
  throw new KsweepError('setup-failed', `KAFKA_HOME=${home} holds no libs/kafka_2.*.jar`, {
    hint: 'set it to the folder of an unpacked Kafka distribution, or unset it',
  });
}

/** The metrics agent among the jars; null where an unpacked distribution has none. */
export function agentJarIn(folder: string): string | null {
  const name = readdirSync(folder).find((file) => /^jmx_prometheus_javaagent-.*\.jar$/.test(file));
  return name === undefined ? null : join(folder, name);
}

/**
 * The folder with Kafka's jars, fetched from Maven Central when it is not in the cache yet.
 * Several processes may ask at once: each fetches into a folder of its own, and the first rename wins.
 */
export async function kafkaJars(
  kafkaVersion: string,
  options: {
    env?: NodeJS.ProcessEnv;
    onProgress?: (line: string) => void;
    signal?: AbortSignal | undefined;
  } = {},
): Promise<string> {
  const env = options.env ?? process.env;
  if (env['KAFKA_HOME']) return join(env['KAFKA_HOME'], 'libs');
  const pom = join(packageRoot(), 'infra', 'local', 'pom.xml');
  const pomHash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(env), `kafka-${kafkaVersion}-${pomHash}`);
  if (existsSync(join(folder, MARKER))) return folder;

  options.onProgress?.(`fetching Apache Kafka ${kafkaVersion} from Maven Central (once)`);
  const temporary = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  await mkdir(temporary, { recursive: true });
  try {
    await runMaven(pom, kafkaVersion, temporary, env, options.signal);
    await writeFile(join(temporary, MARKER), `${JSON.stringify({ kafkaVersion, pomHash })}\n`);
    await rename(temporary, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, MARKER))) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

function runMaven(
  pom: string,
  kafkaVersion: string,
  target: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<void> {
  const args = ['-q', '-B', '-f', pom, `-Dkafka.version=${kafkaVersion}`, `-DoutputDirectory=${target}`];
  if (majorOf(kafkaVersion) >= 4) args.push('-Plog4j2');
  args.push('dependency:copy-dependencies');
  return new Promise((resolve, reject) => {
    const maven = spawn('mvn', args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: FETCH_LIMIT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-8000);
    };
    maven.stdout.on('data', collect);
    maven.stderr.on('data', collect);
    maven.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      reject(
        new KsweepError('setup-failed', missing ? 'Maven (mvn) is not installed' : `mvn: ${error.message}`, {
          hint: 'run `node infra/setup.mjs`, or set KAFKA_HOME to an unpacked Kafka distribution',
          cause: error,
        }),
      );
    });
    maven.on('close', (code) => {
      if (code === 0) return resolve();
      const details = output
        .split('\n')
        .filter((line) => line.includes('ERROR'))
        .slice(0, 5);
      reject(
        new KsweepError('setup-failed', `Maven could not fetch Apache Kafka ${kafkaVersion} (exit ${code})`, {
          details,
          hint: 'check the network, or set KAFKA_HOME to an unpacked Kafka distribution',
        }),
      );
    });
  });
}
