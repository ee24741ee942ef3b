import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { cacheFolder } from '../../../infra/local/folders.ts';
import { pythonTools } from '../../../infra/python.ts';

const run = promisify(execFile);
const SCRIPT = join(packageRoot(), 'test', 'infra', 'nspawn', 'hosts.sh');
export const ANSIBLE = join(packageRoot(), 'infra', 'ansible');
export const STATE = '/run/ksweep-nspawn';
const PLAYBOOK_LIMIT_MS = 600_000;

/** Why this machine cannot boot hosts; undefined where it can. */
export function whyNot(): string | undefined {
  const { status, stdout, stderr } = spawnSync(SCRIPT, ['check'], { encoding: 'utf8' });
  return status === 0 ? undefined : stdout.trim() || stderr.trim() || `hosts.sh check ended with ${status}`;
}

export interface Recap {
  readonly changed: number;
  readonly failed: number;
  readonly unreachable: number;
}

export interface PlaybookResult {
  readonly status: number | null;
  readonly output: string;
  /** What was counted for each host. */
  readonly recap: ReadonlyMap<string, Recap>;
}

/** The last lines of a playbook, host by host. */
export function parseRecap(output: string): Map<string, Recap> {
  const lines = output.slice(output.lastIndexOf('PLAY RECAP')).matchAll(/^(\S+)\s+:\s+(ok=.*)$/gm);
  return new Map(
    [...lines].map(([, host, counts]) => {
      const count = (key: string): number => Number(new RegExp(`${key}=(\\d+)`).exec(counts ?? '')?.[1]);
      return [
        host ?? '',
        { changed: count('changed'), failed: count('failed'), unreachable: count('unreachable') },
      ];
    }),
  );
}

/**
 * The hosts' network has no way out, not for the operator's side of it either: what the playbooks would fetch there is
 * put into the operator's cache before. Kafka's archives are there by the set-up.
 */
async function fetchExporter(): Promise<void> {
  const defaults = parse(readFileSync(join(ANSIBLE, 'roles/kafka/defaults/main.yml'), 'utf8'));
  const folder = join(cacheFolder(), String(defaults.kafka_jmx_exporter_sha512).slice(0, 12));
  if (existsSync(join(folder, 'jmx_prometheus_javaagent.jar'))) return;
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
  const artifact = `-Dartifact=${defaults.kafka_jmx_exporter_artifact}`;
  await run('mvn', ['-q', '-B', goal, artifact, `-DoutputDirectory=${folder}`, '-Dmdep.stripVersion=true']);
}

/** Booted hosts, the operator's side of their network, and the playbooks run against them. */
export class Hosts {
  readonly names: readonly string[];
  readonly folder = mkdtempSync(join(tmpdir(), 'ksweep-nspawn-'));
  #addresses = new Map<string, string>();
  #bin = '';

  constructor(names: readonly string[]) {
    this.names = names;
  }

  /** Taken down by themselves where this process dies first. */
  async up(): Promise<void> {
    this.#bin = await pythonTools(join(ANSIBLE, 'requirements.txt'));
    await fetchExporter();
    const lines = await this.#script('up', '--owner', String(process.pid), ...this.names);
    this.#addresses = new Map(
      lines
        .trim()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    );
  }

  /** Where the pinned ansible-core is. */
  get bin(): string {
    return this.#bin;
  }

  async down(): Promise<void> {
    await this.#script('down');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An orderly shutdown, of all at once where none are named. */
  off(names: readonly string[] = this.names): Promise<string> {
    return this.#script('off', ...names);
  }

  on(): Promise<string> {
    return this.#script('on', ...this.names);
  }

  addressOf(name: string): string {
    const address = this.#addresses.get(name);
    if (address === undefined) throw new Error(`no host ${name}`);
    return address;
  }

  /**
   * Writes the inventory: for each group its hosts, numbered from 1.
   * @param vars over those that every test needs
   * @param ofHost more of a host, by its name
   */
  inventory(
    groups: Readonly<Record<string, readonly string[]>>,
    vars: Readonly<Record<string, unknown>>,
    ofHost: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
  ): void {
    const children = Object.fromEntries(
      Object.entries(groups).map(([group, names]) => [
        group,
        {
          hosts: Object.fromEntries(
            names.map((name, index) => [
              name,
              { ...this.#hostVars(name, group, index + 1), ...ofHost[name] },
            ]),
          ),
        },
      ]),
    );
    const all = {
      vars: {
        ansible_user: 'root',
        ansible_python_interpreter: '/usr/bin/python3',
        ansible_ssh_private_key_file: `${STATE}/key`,
        ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${STATE}/known_hosts`,
        kafka_heap_mb: 512,
        zookeeper_heap_mb: 256,
        ...vars,
      },
      children,
    };
    // JSON is YAML.
    writeFileSync(this.#inventoryFile, JSON.stringify({ all }, null, 2));
  }

  get #inventoryFile(): string {
    return join(this.folder, 'inventory.yml');
  }

  #hostVars(name: string, group: string, number: number): Record<string, unknown> {
    const address = this.addressOf(name);
    // A host may be in more than one group: only its own group numbers it.
    const id =
      group === 'zookeeper'
        ? { zookeeper_myid: number }
        : group === 'kafka' || group === 'controllers'
          ? { kafka_node_id: number }
          : {};
    return { ansible_host: address, private_ip: address, ...id };
  }

  /** Runs a playbook as the operator would; its output is kept in the result, whatever its status. */
  async playbook(name: string, ...words: string[]): Promise<PlaybookResult> {
    const args = [
      'exec',
      join(this.#bin, 'ansible-playbook'),
      '-i',
      this.#inventoryFile,
      `${name}.yml`,
      ...words,
    ];
    const options = {
      cwd: ANSIBLE,
      env: { ...process.env, PATH: `${this.#bin}:${process.env['PATH'] ?? ''}`, ANSIBLE_NOCOLOR: '1' },
      timeout: PLAYBOOK_LIMIT_MS,
      maxBuffer: 64 * 1024 * 1024,
    };
    const started = Date.now();
    const { status, output } = await run(SCRIPT, args, options).then(
      ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
      (error: { code?: number; stdout?: string; stderr?: string }) => ({
        status: typeof error.code === 'number' ? error.code : null,
        output: `${error.stdout ?? ''}${error.stderr ?? ''}`,
      }),
    );
    console.log(
      `# ${name}.yml ${words.join(' ')}: exit ${status} after ${Math.round((Date.now() - started) / 1000)} s`,
    );
    return { status, output, recap: parseRecap(output) };
  }

  /** What a command prints on a host. Throws with its output where it fails. */
  async ssh(name: string, command: string, input?: string): Promise<string> {
    const child = run(SCRIPT, ['exec', 'ssh', ...this.#sshWords(name), command], { timeout: 120_000 });
    child.child.stdin?.end(input ?? '');
    return (await child).stdout;
  }

  #sshWords(name: string): string[] {
    const options = ['-F', 'none', '-i', `${STATE}/key`, '-o', `UserKnownHostsFile=${STATE}/known_hosts`];
    return [...options, '-o', 'BatchMode=yes', `root@${this.addressOf(name)}`];
  }

  /** A command of this machine inside the hosts' network. */
  spawn(command: string, ...words: string[]): ChildProcess {
    const [program = '', ...args] = this.inside(command, ...words);
    return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** The words that run a command of this machine inside the hosts' network. */
  inside(command: string, ...words: string[]): string[] {
    return [SCRIPT, 'exec', command, ...words];
  }

  async #script(...words: string[]): Promise<string> {
    return (await run(SCRIPT, words, { timeout: 300_000 })).stdout;
  }
}
