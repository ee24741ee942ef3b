// What the last complete set-up left behind, so that the next one knows what it may trust.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const PACKAGES_STAMP = join('node_modules', '.ksweep-packages.json');
const BUILD_STAMP = join('dist', '.ksweep-build.json');
const SOURCE_FOLDERS = ['bench', 'infra', 'reports', 'test'];

/** A stamp; undefined where there is none that can be read. */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Written under another name and renamed: a stamp is there whole or not at all. */
export function writeStamp(file, value) {
  const temporary = `${file}.${process.pid}.part`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`);
  renameSync(temporary, file);
}

function packagesKey(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`${process.versions.modules} ${process.platform} ${process.arch}`).digest('hex');
}

/** Whether the packages of this lock file were installed to the end for this Node. */
export function packagesInstalled(root) {
  if (readStamp(join(root, PACKAGES_STAMP))?.key === packagesKey(root)) return true;
  const lock = readStamp(join(root, 'package-lock.json'));
  // npm writes this file last, when all install scripts have ended; npm ci removes it first.
  const installed = readStamp(join(root, 'node_modules', '.package-lock.json'));
  return lock !== undefined && installed !== undefined && sameVersions(lock.packages, installed.packages);
}

export function stampPackages(root) {
  writeStamp(join(root, PACKAGES_STAMP), { key: packagesKey(root) });
}

/** Every package of the lock is installed in its version; optional ones may be for other systems. */
export function sameVersions(wanted, installed) {
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' ||
      installed[path]?.version === version ||
      (installed[path] === undefined && Boolean(optional || devOptional || peer)),
  );
}

/** A hash of path, size and time of all that the compiler reads. */
export function sourcesKey(root) {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const file of ['tsconfig.json', 'package-lock.json']) add(file);
  for (const folder of SOURCE_FOLDERS) {
    if (!existsSync(join(root, folder))) continue;
    const names = readdirSync(join(root, folder), { recursive: true }).map(String).sort();
    for (const name of names) if (/\.(ts|json)$/.test(name)) add(join(folder, name));
  }
  return hash.digest('hex');
}

export function buildIsFresh(root, key) {
  return (
    readStamp(join(root, BUILD_STAMP))?.key === key &&
    existsSync(join(root, 'dist', 'bench', 'cli', 'main.js'))
  );
}

export function stampBuild(root, key) {
  writeStamp(join(root, BUILD_STAMP), { key });
}
