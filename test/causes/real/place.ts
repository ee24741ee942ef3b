import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaBench } from '../../support/kafka-run.ts';
import { ControlGroup } from './control-group.ts';
import type { Setup } from './setups.ts';

/** What a cause is put in: the brokers, and means to hold something back. All of it goes with this process. */
export class Place {
  readonly bench = new KafkaBench();
  /** For files of this process; the parent removes it. */
  readonly folder: string;
  readonly #groups = new Map<string, ControlGroup>();
  readonly #prefix: string;

  /** @param prefix of the names of control groups */
  constructor(folder: string, prefix: string) {
    this.folder = folder;
    this.#prefix = prefix;
  }

  async start({ brokers, configs = {}, jvm, ownDisk = false, ownNetwork = false }: Setup): Promise<void> {
    if (ownNetwork) execFileSync('ip', ['link', 'set', 'lo', 'up']);
    const temporary = process.env['TMPDIR'];
    if (ownDisk) process.env['TMPDIR'] = this.#mountDisk();
    if (jvm !== undefined) process.env['_JAVA_OPTIONS'] = jvm;
    await this.bench.start(brokers, configs);
    delete process.env['_JAVA_OPTIONS'];
    if (temporary !== undefined) process.env['TMPDIR'] = temporary;
  }

  /** An ext4 without a journal, whose thread would be in no control group. It goes with this mount namespace. */
  #mountDisk(): string {
    const [image, mount] = [join(this.folder, 'disk.img'), join(this.folder, 'disk')];
    mkdirSync(mount);
    writeFileSync(image, '');
    execFileSync('truncate', ['-s', '4G', image]);
    execFileSync('mkfs.ext4', ['-q', '-O', '^has_journal', image]);
    const loop = execFileSync('losetup', ['--find', '--show', '--direct-io=on', image], {
      encoding: 'utf8',
    }).trim();
    execFileSync('mount', [loop, mount]);
    // From now on it is let go of when it is mounted nowhere.
    execFileSync('losetup', ['--detach', loop]);
    return mount;
  }

  group(name: string): ControlGroup {
    const group = this.#groups.get(name) ?? new ControlGroup(`${this.#prefix}-${name}`);
    this.#groups.set(name, group);
    return group;
  }

  get pids(): number[] {
    return this.bench.cluster.brokers.map(({ pid }) => pid);
  }
}
