import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Why this machine has no network namespaces to offer; null where it has. */
export function noNamespaces(): string | null {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const probe = `ksprobe${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' });
  if (made.error !== undefined) return `no ip command: ${made.error.message}`;
  spawnSync('ip', ['netns', 'del', probe]);
  if (made.status !== 0) return `no network namespace: ${made.stderr.trim()}`;
  const bridge = spawnSync('ip', ['link', 'add', `ksb${process.pid % 1e5}`, 'type', 'bridge'], {
    encoding: 'utf8',
  });
  spawnSync('ip', ['link', 'del', `ksb${process.pid % 1e5}`]);
  return bridge.status === 0 ? null : `no bridge: ${bridge.stderr.trim()}`;
}

/** Takes down what a process that was killed left of its network. */
export function removeStale(): void {
  const owners = [...ip('netns', 'list').matchAll(/^ks([0-9a-z]+)h\d+/gm)].map(([name, id]) => ({
    name,
    id: id as string,
  }));
  for (const { name, id } of owners) {
    if (existsSync(`/proc/${Number.parseInt(id, 36)}`)) continue;
    for (const pid of pidsOf(name)) kill(pid);
    spawnSync('ip', ['netns', 'del', name]);
    spawnSync('ip', ['link', 'del', `ks${id}b`]);
  }
}

const pidsOf = (namespace: string): number[] =>
  ip('netns', 'pids', namespace).split('\n').filter(Boolean).map(Number);

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just gone.
  }
}

const ip = (...words: string[]): string => execFileSync('ip', words, { encoding: 'utf8' });

/** Hosts of one network of this machine: a namespace each, and a bridge on which this side has the first address. */
export class Network {
  readonly #id = process.pid.toString(36);
  readonly #count: number;
  readonly #subnet = `10.213.${process.pid % 250}`;

  constructor(count: number) {
    this.#count = count;
  }

  get #bridge(): string {
    return `ks${this.#id}b`;
  }

  #link(index: number): string {
    return `ks${this.#id}v${index}`;
  }

  /** This side's address, which the hosts reach. */
  get address(): string {
    return `${this.#subnet}.1`;
  }

  addressOf(index: number): string {
    return `${this.#subnet}.${10 + index}`;
  }

  namespace(index: number): string {
    return `ks${this.#id}h${index}`;
  }

  up(): void {
    ip('link', 'add', this.#bridge, 'type', 'bridge');
    ip('addr', 'add', `${this.address}/24`, 'dev', this.#bridge);
    ip('link', 'set', this.#bridge, 'up');
    for (let index = 0; index < this.#count; index++) {
      const [namespace, link] = [this.namespace(index), this.#link(index)];
      ip('netns', 'add', namespace);
      ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
      ip('link', 'set', link, 'master', this.#bridge, 'up');
      ip('-n', namespace, 'addr', 'add', `${this.addressOf(index)}/24`, 'dev', 'eth0');
      for (const name of ['lo', 'eth0']) ip('-n', namespace, 'link', 'set', name, 'up');
    }
  }

  /** A black hole: whatever the host sends is lost without a word, and so is what it is sent. */
  cut(index: number): void {
    ip('link', 'set', this.#link(index), 'nomaster');
  }

  mend(index: number): void {
    ip('link', 'set', this.#link(index), 'master', this.#bridge);
  }

  /** Processes of a host. */
  pids(index: number): number[] {
    return pidsOf(this.namespace(index));
  }

  down(): void {
    for (let index = 0; index < this.#count; index++) {
      for (const pid of this.pids(index)) kill(pid);
      ip('netns', 'del', this.namespace(index));
    }
    ip('link', 'del', this.#bridge);
  }
}
