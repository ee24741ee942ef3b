// Which Java runs Kafka. Set-up and infra/local both ask here, so that what one found is what the other starts.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

export const MIN_JAVA = 17;

/** Homebrew keeps openjdk out of the PATH, in one of these. */
const BREW_FOLDERS = ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'];

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The major version in what `java -version` prints; undefined where it is no Java. 1.8 counts as 8. */
export function javaMajor(text) {
  const match = /version "(\d+)(?:\.(\d+))?/.exec(text);
  if (!match) return undefined;
  return match[1] === '1' ? Number(match[2]) : Number(match[1]);
}

/** What `java -version` prints, or nothing where it cannot be started. */
function versionText(java) {
  const { stderr, stdout } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 30_000 });
  return `${stderr ?? ''}${stdout ?? ''}`;
}

/** JAVA_HOME binds; without it the PATH comes first, then Homebrew's. */
function candidates({ env, list }) {
  if (env.JAVA_HOME) return [join(env.JAVA_HOME, 'bin', 'java')];
  const kegs = BREW_FOLDERS.flatMap((folder) =>
    list(folder)
      .filter((name) => /^openjdk(@\d+)?$/.test(name))
      .sort()
      .map((name) => join(folder, name, 'bin', 'java')),
  );
  return ['java', ...kegs];
}

/**
 * The first Java that is new enough; undefined where there is none.
 * @param {{ env?: object, list?: (folder: string) => string[], version?: (java: string) => string }} look
 */
export function findJava({ env = process.env, list = namesIn, version = versionText } = {}) {
  return candidates({ env, list }).find((java) => (javaMajor(version(java)) ?? 0) >= MIN_JAVA);
}

/** The Java to start; its version is asked for only where there is a choice. */
export function javaCommand({ env = process.env, list = namesIn, version = versionText } = {}) {
  const [first, ...others] = candidates({ env, list });
  return others.length === 0 ? first : (findJava({ env, list, version }) ?? first);
}
