// Looks at this machine.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { findJava } from './java.mjs';

function hasCommand(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    const file = join(folder || '.', name);
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}

function includeFolders() {
  const folders = ['/usr/include', '/usr/local/include', '/opt/homebrew/include'];
  if (process.env.CPLUS_INCLUDE_PATH) folders.push(...process.env.CPLUS_INCLUDE_PATH.split(delimiter));
  // Debian keeps some headers in a folder named after the machine, Homebrew those of keg-only packages.
  for (const [parent, tail] of [
    ['/usr/include', ''],
    ['/opt/homebrew/opt', 'include'],
    ['/usr/local/opt', 'include'],
  ]) {
    if (!existsSync(parent)) continue;
    for (const name of readdirSync(parent)) {
      if (parent !== '/usr/include' || /^[a-z0-9_]+-linux-/.test(name))
        folders.push(join(parent, name, tail));
    }
  }
  return folders;
}

export function thisMachine() {
  let osRelease = '';
  try {
    osRelease = readFileSync(process.env.KSWEEP_OS_RELEASE ?? '/etc/os-release', 'utf8');
  } catch {
    // not Linux, or too bare to say
  }
  return {
    platform: process.platform,
    osRelease,
    root: process.getuid?.() === 0,
    kafkaHome: process.env.KAFKA_HOME || undefined,
    hasCommand,
    hasHeader: (header) => includeFolders().some((folder) => existsSync(join(folder, header))),
    javaHome: process.env.JAVA_HOME || undefined,
    hasJava: () => findJava() !== undefined,
  };
}
