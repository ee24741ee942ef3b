// The Kafka client's native addon: whether it loads, and whether a prebuilt one can be had.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

export const ADDON = '@confluentinc/kafka-javascript';
const PROBE_LIMIT_MS = 10_000;

/** Loads it in a process of its own: a broken addon may abort. */
export function addonLoads(root) {
  if (!existsSync(join(root, 'node_modules', ADDON))) return false;
  const code = `require(${JSON.stringify(`${ADDON}/librdkafka`)})`;
  return (
    spawnSync(process.execPath, ['-e', code], { cwd: root, stdio: 'ignore', timeout: 30_000 }).status === 0
  );
}

/** Where the release page keeps the addon for this Node and system, named as the package's install script does. */
export function prebuiltUrl({ version, abi, platform, arch, glibc }) {
  const libc = platform === 'linux' ? (glibc ? 'glibc' : 'musl') : 'unknown';
  const name = `confluent-kafka-javascript-v${version}-node-v${abi}-${platform}-${libc}-${arch}.tar.gz`;
  return `https://github.com/confluentinc/confluent-kafka-javascript/releases/download/v${version}/${name}`;
}

/**
 * 'available', 'unreachable', or 'unknown' where a proxy or a mirror is set, which only the install script can use.
 * The install script itself waits without a limit for a page that does not answer; this gives up after 10 s.
 */
export async function prebuiltState(root, env = process.env, request = fetch) {
  const proxied = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'npm_config_proxy'];
  if (
    proxied.some((name) => env[name]) ||
    Object.keys(env).some((name) => name.endsWith('_binary_host_mirror'))
  ) {
    return 'unknown';
  }
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const url = prebuiltUrl({
    version: lock.packages[`node_modules/${ADDON}`].version,
    abi: process.versions.modules,
    platform: process.platform,
    arch: process.arch,
    glibc: process.report?.getReport().header.glibcVersionRuntime,
  });
  try {
    const response = await request(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    return response.ok ? 'available' : 'unreachable';
  } catch {
    return 'unreachable';
  }
}
