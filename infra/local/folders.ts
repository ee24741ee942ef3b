import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is kept between runs: KSWEEP_CACHE, else ksweep/ in the XDG cache folder. */
export function cacheFolder(env: Environment = process.env): string {
  const own = env['KSWEEP_CACHE'];
  if (own) return own;
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ksweep');
}

/** One state file for each cluster that `ksweep cluster up` left running: in KSWEEP_STATE, else in the cache. */
export function stateFolder(env: Environment = process.env): string {
  return env['KSWEEP_STATE'] || join(cacheFolder(env), 'clusters');
}

/** The state file of a cluster that was left running under a name. */
export function stateFileOf(name: string): string {
  return join(stateFolder(), `${name}.json`);
}
