// What kind of system this is, and how its packages are installed. Pure: everything is passed in.

/** @returns {'apt' | 'dnf' | 'brew' | 'none'} */
export function packageManager(platform, osRelease) {
  if (platform === 'darwin') return 'brew';
  if (platform !== 'linux') return 'none';
  const ids = osReleaseIds(osRelease);
  if (ids.some((id) => ['debian', 'ubuntu'].includes(id))) return 'apt';
  if (ids.some((id) => ['fedora', 'rhel', 'centos', 'amzn'].includes(id))) return 'dnf';
  return 'none';
}

/** ID and ID_LIKE of /etc/os-release. */
function osReleaseIds(text) {
  const values = [];
  for (const line of text.split('\n')) {
    const match = /^(?:ID|ID_LIKE)=(.*)$/.exec(line.trim());
    if (match) values.push(...match[1].replaceAll(/["']/g, '').split(/\s+/));
  }
  return values.filter(Boolean);
}

/** The package that brings each requirement. Java's is chosen on Debian by what the release has. */
const PACKAGES = {
  apt: {
    'g++': 'g++',
    make: 'make',
    python3: 'python3',
    libcurl: 'libcurl4-openssl-dev',
    openssl: 'libssl-dev',
    sasl: 'libsasl2-dev',
    zlib: 'zlib1g-dev',
    zstd: 'libzstd-dev',
    lz4: 'liblz4-dev',
    java: 'openjdk-17-jre-headless',
    maven: 'maven',
  },
  dnf: {
    'g++': 'gcc-c++',
    make: 'make',
    python3: 'python3',
    libcurl: 'libcurl-devel',
    openssl: 'openssl-devel',
    sasl: 'cyrus-sasl-devel',
    zlib: 'zlib-devel',
    zstd: 'libzstd-devel',
    lz4: 'lz4-devel',
    java: 'java-17-openjdk-headless',
    maven: 'maven',
  },
  brew: {
    'g++': 'gcc',
    make: 'make',
    python3: 'python',
    libcurl: 'curl',
    openssl: 'openssl@3',
    sasl: 'cyrus-sasl',
    zlib: 'zlib',
    zstd: 'zstd',
    lz4: 'lz4',
    java: 'openjdk@17',
    maven: 'maven',
  },
};

/** Amazon Linux names its Java after Corretto. */
const AMAZON_JAVA = 'java-17-amazon-corretto-headless';

export function packagesFor(manager, missing, { osRelease = '', aptJava } = {}) {
  const names = PACKAGES[manager] ?? {};
  return missing.map((requirement) => {
    if (requirement === 'java' && manager === 'apt' && aptJava) return aptJava;
    if (requirement === 'java' && osReleaseIds(osRelease).includes('amzn')) return AMAZON_JAVA;
    return names[requirement] ?? requirement;
  });
}

/** Java packages of Debian and Ubuntu releases that are new enough, in order of preference. */
export const APT_JAVA = ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'openjdk-25-jre-headless'];

/** The first wanted package that has a candidate in the output of `apt-cache policy`. */
export function firstCandidate(wanted, policy) {
  return wanted.find((name) => {
    const at = policy.indexOf(`${name}:\n`);
    if (at === -1) return false;
    const candidate = /Candidate: (\S+)/.exec(policy.slice(at))?.[1];
    return candidate !== undefined && candidate !== '(none)';
  });
}

/** What to type on this system, one line; undefined where the package manager is not known. */
export function installCommand(manager, packages, { root }) {
  const sudo = root ? '' : 'sudo ';
  const list = packages.join(' ');
  if (manager === 'apt')
    return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${list}`;
  if (manager === 'dnf') return `${sudo}dnf install -y ${list}`;
  if (manager === 'brew') return `brew install ${list}`;
  return undefined;
}
