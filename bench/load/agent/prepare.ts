import { type ClientName, chooseClient } from '../../client/choose.ts';
import { createClock } from '../../common/clock.ts';
import { KsweepError } from '../../common/errors.ts';
import { Agent } from './agent.ts';
import { greet } from './agents.ts';
import { carry, type Errand } from './carry.ts';
import { problemOf } from './examine.ts';
import { checkHello, type Hello } from './hello.ts';
import { HOST_FOLDER, type LoadHost } from './load-hosts.ts';
import type { PackedKsweep } from './pack.ts';

const MIN_NODE = 20;
const LOOK_LIMIT_MS = 60_000;
/** The client's library is built there where no prebuilt one fits. */
const INSTALL_LIMIT_MS = 30 * 60_000;

const MARK = `${HOST_FOLDER}/package.sha256`;
const TARBALL = `${HOST_FOLDER}/ksweep.tgz`;

/** A ksweep that answers on a host. */
export interface Standing {
  readonly version: string;
  readonly client: string;
  /** SHA-256 of the package that `prepare` put there; null where it did not. */
  readonly packageSha256: string | null;
}

/** What came of preparing a host. */
export interface PreparedHost {
  readonly name: string;
  readonly did: 'installed' | 'left alone' | 'failed';
  /** What answered before and after; null where nothing did. */
  readonly before: Standing | null;
  readonly after: Standing | null;
  /** What failed, with the next step; null where nothing did. */
  readonly problem: string | null;
}

/** What a host has, as its shell tells it; null where it has none. */
export interface Looked {
  readonly node: string | null;
  readonly npm: string | null;
  readonly packageSha256: string | null;
}

/** Asks for Node.js, npm and the package that was put there. */
export const LOOK: Errand = {
  what: 'looking for Node.js',
  script: [
    'echo "ksweep-has node $(node --version 2>/dev/null)"',
    'echo "ksweep-has npm $(npm --version 2>/dev/null)"',
    `echo "ksweep-has package $(cat "${MARK}" 2>/dev/null)"`,
  ].join('; '),
  limitMs: LOOK_LIMIT_MS,
};

/** Reads the answer to LOOK, whatever a login prints around it. */
export function readLook(stdout: string): Looked {
  const word = (name: string): string | null =>
    new RegExp(`^ksweep-has ${name} (\\S+)\\s*$`, 'm').exec(stdout)?.[1] ?? null;
  return { node: word('node'), npm: word('npm'), packageSha256: word('package') };
}

/** What puts a package on a host, in order. An install that is cut off leaves no mark, and is begun anew. */
export function installErrands({ bytes, sha256 }: PackedKsweep): Errand[] {
  const limitMs = INSTALL_LIMIT_MS;
  // Where no prebuilt client fits, it is built against the host's own libraries and the headers of the Node that runs:
  // all that has to be reached from there is a registry.
  const npm = `CKJS_LINKING=dynamic npm install --global --prefix "${HOST_FOLDER}" --no-fund --no-audit "${TARBALL}"`;
  const steps = [
    // npm takes the same version for the same package, and what could not be built is to be tried again.
    `rm -rf "${MARK}" "${HOST_FOLDER}/lib/node_modules/ksweep"`,
    'base="$(dirname "$(dirname "$(node -p process.execPath)")")"',
    'if [ -e "$base/include/node/node_api.h" ]; then export npm_config_nodedir="$base"; fi',
    npm,
    `rm -f "${TARBALL}"`,
    `echo ${sha256} > "${MARK}"`,
  ];
  return [
    {
      what: 'copying the package',
      script: `mkdir -p "${HOST_FOLDER}" && cat > "${TARBALL}"`,
      input: bytes,
      limitMs,
    },
    { what: 'npm install', script: steps.join(' && '), limitMs },
  ];
}

/** Throws load-host-failed where nothing could be installed. */
export function checkLook({ node, npm }: Looked, host: string): void {
  const hint = `install Node.js ${MIN_NODE} or later with npm there, on the PATH that a command without a login has`;
  if (node === null || Number(/^v(\d+)/.exec(node)?.[1] ?? 0) < MIN_NODE) {
    throw new KsweepError(
      'load-host-failed',
      `load host ${host} has ${node === null ? 'no Node.js' : `Node.js ${node}`}`,
      {
        hint,
      },
    );
  }
  if (npm === null) throw new KsweepError('load-host-failed', `load host ${host} has no npm`, { hint });
}

/** Whether what a host has is this very package, whole, and measures with this client. */
export function isPrepared(
  hello: Hello | null,
  { packageSha256 }: Looked,
  { sha256 }: PackedKsweep,
  client: ClientName,
): boolean {
  if (hello === null || packageSha256 !== sha256) return false;
  try {
    checkHello(hello, '', client);
    return true;
  } catch {
    return false;
  }
}

/** Puts a package on each host that has another one. Never throws: what fails stands in `problem`, and others go on. */
export function prepareHosts(
  hosts: readonly LoadHost[],
  packed: PackedKsweep,
  say: (line: string) => void,
): Promise<PreparedHost[]> {
  const client = chooseClient().name;
  return Promise.all(hosts.map((host) => prepareHost(host, packed, client, say)));
}

async function prepareHost(
  host: LoadHost,
  packed: PackedKsweep,
  client: ClientName,
  say: (line: string) => void,
): Promise<PreparedHost> {
  const { name, shell = [] } = host;
  let before: Standing | null = null;
  try {
    const looked = readLook(await carry(name, shell, LOOK));
    const had = await askFor(host).catch(() => null);
    before = standing(had, looked.packageSha256);
    if (isPrepared(had, looked, packed, client)) {
      return { name, did: 'left alone', before, after: before, problem: null };
    }
    checkLook(looked, name);
    for (const errand of installErrands(packed)) {
      say(`${name}: ${errand.what}`);
      await carry(name, shell, errand);
    }
    const has = await askFor(host);
    checkHello(has, name, client);
    return { name, did: 'installed', before, after: standing(has, packed.sha256), problem: null };
  } catch (error) {
    return { name, did: 'failed', before, after: null, problem: problemOf(error) };
  }
}

const standing = (hello: Hello | null, packageSha256: string | null): Standing | null =>
  hello === null ? null : { version: hello.version, client: hello.client, packageSha256 };

/** What an agent there says of itself. Throws load-host-failed. */
async function askFor(host: LoadHost): Promise<Hello> {
  const agent = new Agent(host, createClock());
  try {
    return await greet(agent, host);
  } finally {
    await agent.exit();
  }
}
