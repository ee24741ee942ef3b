import { execFileSync } from 'node:child_process';
import { statSync, truncateSync, writeFileSync } from 'node:fs';

/** Less than 300 MB is too small for mkfs.xfs. Nothing but what is written takes room. */
const SIZE_BYTES = 400 * 2 ** 20;

/** A disk of a booted host: a file of this machine behind a loop device. */
export class LoopDevice {
  readonly path: string;

  constructor(file: string) {
    writeFileSync(file, '');
    truncateSync(file, SIZE_BYTES);
    this.path = execFileSync('losetup', ['--find', '--show', file], { encoding: 'utf8' }).trim();
  }

  /** What a host runs to see it: its /dev holds no more than it was booted with. */
  get plugIn(): string {
    const { rdev } = statSync(this.path);
    // As glibc's gnu_dev_major and gnu_dev_minor, for numbers below 2^12 and 2^20.
    const [major, minor] = [(rdev >> 8) & 0xfff, (rdev & 0xff) | ((rdev >> 12) & 0xfff00)];
    return `mknod ${this.path} b ${major} ${minor}`;
  }

  remove(): void {
    execFileSync('losetup', ['--detach', this.path]);
  }
}
