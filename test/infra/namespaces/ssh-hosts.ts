import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliFile } from '../../../bench/common/package-root.ts';
import { isPortOpen } from '../../../bench/load/agent/port-open.ts';
import { until } from '../../support/until.ts';
import { Network, noNamespaces, removeStale } from './network.ts';

const SSHD = '/usr/sbin/sshd';
const SCRATCH_BYTES = 65_536;

/** Why there can be no hosts here; null where there can. Installs sshd where it may. */
export function whyNoHosts(): string | null {
  const none = noNamespaces();
  if (none !== null) return none;
  if (!existsSync(SSHD)) {
    // Not started by its package: it is run in namespaces only.
    const words = ['install', '-y', '--no-install-recommends', 'openssh-server'];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    spawnSync('apt-get', words, { env, stdio: 'ignore', timeout: 120_000 });
  }
  return existsSync(SSHD) ? null : 'no sshd, and it could not be installed by apt-get';
}

/** Hosts in network namespaces of this machine, each with an sshd, a scratch of its own and this ksweep. */
export class SshHosts {
  readonly names: readonly string[];
  readonly network: Network;
  readonly folder = mkdtempSync(join(tmpdir(), `ksweep-hosts-${process.pid}-`));
  readonly #servers: ChildProcess[] = [];
  #log = '';
  #isDown = false;

  constructor(count: number) {
    this.names = Array.from({ length: count }, (_, index) => `load-${index + 1}`);
    this.network = new Network(count);
  }

  /** As `--load-hosts` takes it. */
  get where(): string {
    return `ssh:@${join(this.folder, 'inventory.yml')}`;
  }

  scratch(index: number): string {
    return join(this.folder, this.names[index] as string, 'tmp');
  }

  /** Taken down where this process ends without having done so. */
  async up(): Promise<void> {
    process.once('exit', () => this.down());
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
    removeStale();
    unmountStale();
    this.network.up();
    mkdirSync('/run/sshd', { recursive: true });
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    const main = cliFile();
    writeFileSync(join(bin, 'ksweep'), `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`, { mode: 0o755 });
    const userKey = this.#key('user');
    const known = join(this.folder, 'known_hosts');
    const hosts: string[] = [];
    for (const [index, name] of this.names.entries()) {
      mkdirSync(this.scratch(index), { recursive: true });
      // Small, so that it can be full without anybody else noticing.
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SCRATCH_BYTES}`, 'tmpfs', this.scratch(index)]);
      const hostKey = this.#key(`${name}/host`);
      const address = this.network.addressOf(index);
      appendFileSync(known, `${address} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
      this.#serve(index, name, hostKey, `${userKey}.pub`, bin);
      const args = `-F none -o UserKnownHostsFile=${known} -o StrictHostKeyChecking=yes`;
      hosts.push(
        `        ${name}: {ansible_host: ${address}, ansible_user: root, ansible_ssh_private_key_file: ${userKey}, ansible_ssh_common_args: '${args}'}`,
      );
    }
    writeFileSync(
      join(this.folder, 'inventory.yml'),
      `all:\n  children:\n    load:\n      hosts:\n${hosts.join('\n').replaceAll(/^ {8}/gm, '        ')}\n`,
    );
    for (const index of this.names.keys()) {
      await until(`sshd of host ${index}: ${this.#log}`, () =>
        isPortOpen({ host: this.network.addressOf(index), port: 22 }),
      );
    }
  }

  #key(name: string): string {
    const file = join(this.folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
    return file;
  }

  /** Keys only: nobody logs in by a password. */
  #serve(index: number, name: string, hostKey: string, authorized: string, bin: string): void {
    const config = join(this.folder, name, 'sshd_config');
    const settings = [
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${authorized}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'StrictModes no',
      'PidFile none',
      `SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin TMPDIR=${this.scratch(index)}`,
    ];
    writeFileSync(config, `${settings.join('\n')}\n`);
    const words = ['netns', 'exec', this.network.namespace(index), SSHD, '-D', '-e', '-f', config];
    const server = spawn('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log = `${this.#log}${text}`.slice(-2_000);
    });
    this.#servers.push(server);
  }

  /** Processes of a host but for its sshd that listens. */
  pids(index: number): number[] {
    const listening = this.#servers[index]?.pid;
    return this.network.pids(index).filter((pid) => pid !== listening);
  }

  agents(index: number): number[] {
    return this.pids(index).filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('agent\0--stdio');
      } catch {
        return false;
      }
    });
  }

  fillScratch(index: number): void {
    const file = join(this.scratch(index), 'full');
    spawnSync('sh', ['-c', `cat /dev/zero > ${file}`], { stdio: 'ignore' });
  }

  emptyScratch(index: number): void {
    rmSync(join(this.scratch(index), 'full'), { force: true });
  }

  /** What lies in the hosts' scratch folders. */
  get leftInScratch(): string[] {
    return this.names.flatMap((name, index) =>
      readdirSync(this.scratch(index)).map((file) => `${name}: ${file}`),
    );
  }

  down(): void {
    if (this.#isDown) return;
    this.#isDown = true;
    this.network.down();
    for (const index of this.names.keys()) spawnSync('umount', [this.scratch(index)]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Scratch of hosts whose process was killed. */
function unmountStale(): void {
  for (const [, path, pid] of readFileSync('/proc/mounts', 'utf8').matchAll(
    / (\S+\/ksweep-hosts-(\d+)-\w+\/\S+) tmpfs /g,
  )) {
    if (path !== undefined && !existsSync(`/proc/${pid}`)) spawnSync('umount', [path]);
  }
}
