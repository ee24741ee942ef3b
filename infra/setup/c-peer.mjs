// librdkafka's own rdkafka_performance, the limit that `npm run bench:self` measures against. The Kafka client's package
// has librdkafka's sources without examples/, so this one file comes from Debian's source package, by the apt that is
// there, and is kept in ksweep's cache. It is compiled against the headers and the library that the clients here use.
//
//   node infra/setup/c-peer.mjs CACHE   prints {"program": <path>}, or {"lacks": <why it cannot be had>}
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { librdkafkaOf } from './native.mjs';

const SOURCE = 'rdkafka_performance.c';
const SOURCE_LISTS = ['/etc/apt/sources.list', '/etc/apt/sources.list.d'];
const FETCH_LIMIT_MS = 300_000;

class Lacking extends Error {}

/** The same archives, asked for sources: a file in apt's one-line style or, with `Types:`, in its deb822 style. */
export function forSources(text) {
  const deb822 = /^Types:/m.test(text);
  return text
    .split('\n')
    .flatMap((line) => {
      if (deb822) return [/^Types:/.test(line) ? 'Types: deb-src' : line];
      const archive = /^deb(?:-src)?\s+(.*)$/.exec(line)?.[1];
      return archive === undefined ? [] : [`deb-src ${archive}`];
    })
    .join('\n');
}

function run(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout: FETCH_LIMIT_MS,
    ...options,
  });
  if (error?.code === 'ENOENT') throw new Lacking(`there is no ${command} here`);
  return { ok: status === 0, text: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim() };
}

const lastLine = (text) => text.split('\n').at(-1);

/** Has apt fetch the source package into a folder of its own: needs no right to change the system's. */
function fetchSource(target) {
  const work = `${target}.${randomBytes(4).toString('hex')}.part`;
  try {
    for (const folder of ['sources.d', 'lists/partial', 'cache/archives/partial', 'package', 'out']) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    const files = SOURCE_LISTS.filter((path) => existsSync(path)).flatMap((path) =>
      statSync(path).isFile() ? [path] : readdirSync(path).map((name) => join(path, name)),
    );
    for (const file of files.filter((name) => /\.(list|sources)$/.test(name))) {
      writeFileSync(join(work, 'sources.d', basename(file)), forSources(readFileSync(file, 'utf8')));
    }
    const settings = {
      'Dir::Etc::SourceList': '/dev/null',
      'Dir::Etc::SourceParts': join(work, 'sources.d'),
      'Dir::State::Lists': join(work, 'lists'),
      'Dir::Cache': join(work, 'cache'),
      'APT::Sandbox::User': 'root',
      'Acquire::Languages': 'none',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    // An archive that has no sources fails this and not the next: whether the package came is what counts.
    run('apt-get', [...options, '-q', 'update']);
    const cwd = join(work, 'package');
    const { ok, text } = run('apt-get', [...options, '-q', 'source', '--download-only', 'librdkafka'], {
      cwd,
    });
    const archive = readdirSync(cwd).find((name) => /\.orig\.tar\./.test(name));
    if (!ok || archive === undefined) {
      throw new Lacking(`apt cannot fetch the source package librdkafka: ${lastLine(text)}`);
    }
    const strip = ['--strip-components=2', '--wildcards', `*/examples/${SOURCE}`];
    const unpacked = run('tar', ['-xf', join(cwd, archive), '-C', join(work, 'out'), ...strip]);
    if (!unpacked.ok) throw new Lacking(`${archive} holds no ${SOURCE}: ${lastLine(unpacked.text)}`);
    renameSync(join(work, 'out', SOURCE), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Compiles it where that was not done for this source and this library. */
function compile(source, { library, folder, sources }, target) {
  // rd.h, which the program includes, wants what the library's own configure wrote.
  if (!existsSync(join(sources, 'config.h'))) {
    throw new Lacking(`the Kafka client's package was not compiled here: ${sources} holds no config.h`);
  }
  if (!library.endsWith('.so.1')) throw new Lacking(`${library} is no shared library`);
  const part = `${target}.${process.pid}.part`;
  const args = ['-O2', '-w', `-I${join(sources, 'src')}`, '-o', part, source, library];
  const { ok, text } = run('cc', [...args, `-Wl,-rpath,${folder}`, '-lm', '-lpthread']);
  if (!ok) throw new Lacking(`its build failed: ${lastLine(text)}`);
  renameSync(part, target);
}

/** @returns {{ program: string } | { lacks: string }} */
export function buildCPeer(root, cache, say = () => {}) {
  try {
    const found = librdkafkaOf(root);
    if (found === undefined) throw new Lacking('no librdkafka is built here');
    const folder = join(cache, 'librdkafka-examples');
    mkdirSync(folder, { recursive: true });
    const source = join(folder, SOURCE);
    if (!existsSync(source)) {
      say(`fetching ${SOURCE} from Debian's source package librdkafka (once)`);
      fetchSource(source);
    }
    const { size, mtimeMs } = statSync(found.library);
    const key = createHash('sha256')
      .update(`${found.library} ${size} ${mtimeMs}\n`)
      .update(readFileSync(source));
    const program = join(folder, `rdkafka_performance-${key.digest('hex').slice(0, 12)}`);
    if (!existsSync(program)) compile(source, found, program);
    return { program };
  } catch (error) {
    if (error instanceof Lacking) return { lacks: error.message };
    throw error;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const [, , cache] = process.argv;
  if (cache === undefined) throw new Error('usage: node infra/setup/c-peer.mjs CACHE');
  const say = (line) => process.stderr.write(`${line}\n`);
  process.stdout.write(`${JSON.stringify(buildCPeer(root, cache, say))}\n`);
}
