import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../bench/common/package-root.ts';

/** Set-up is plain JavaScript that is not compiled, so it is loaded from the package's own folder. */
const found = join(packageRoot(), 'infra', 'setup', 'java.mjs');
const setup = (await import(pathToFileURL(found).href)) as {
  javaCommand(look: { env: NodeJS.ProcessEnv }): string;
};

/** `java` of JAVA_HOME, else of the PATH, else Homebrew's: the one that set-up finds. */
export function javaCommand(env: NodeJS.ProcessEnv = process.env): string {
  return setup.javaCommand({ env });
}
