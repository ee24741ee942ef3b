import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../bench/common/package-root.ts';

export const JAVA_17 = 'echo \'openjdk version "17.0.1"\' >&2';

/** A checkout with the real set-up and one source file: a `ksweep` that tells its arguments. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  readonly dir = join(this.folder, 'checkout');

  constructor() {
    // Also other users shall set it up.
    chmodSync(this.folder, 0o755);
    mkdirSync(join(this.dir, 'infra'), { recursive: true });
    chmodSync(this.dir, 0o777);
    for (const name of ['setup', 'setup.mjs', 'start.mjs']) {
      cpSync(join(packageRoot(), 'infra', name), join(this.dir, 'infra', name), { recursive: true });
    }
    for (const name of ['package.json', 'package-lock.json', 'tsconfig.json']) {
      cpSync(join(packageRoot(), name), join(this.dir, name));
    }
    mkdirSync(join(this.dir, 'bench', 'cli'), { recursive: true });
    writeFileSync(
      join(this.dir, 'bench', 'cli', 'main.ts'),
      `#!/usr/bin/env node
if (process.argv[2] === 'wait') {
  setInterval(() => {}, 1000);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      console.log(signal);
      process.exit();
    });
  }
}
console.log(JSON.stringify(process.argv.slice(2)));
process.exitCode = Number(process.env['EXIT_WITH'] ?? 0);
`,
    );
  }

  /** The packages of this repository, as npm leaves them; the commands they bring are not among them. */
  installPackages(): void {
    const installed = join(packageRoot(), 'node_modules');
    mkdirSync(join(this.dir, 'node_modules'));
    for (const name of readdirSync(installed)) {
      if (name !== '.bin') symlinkSync(join(installed, name), join(this.dir, 'node_modules', name));
    }
  }

  /** A machine whose only commands are these shell scripts; returns the environment in which it is seen. */
  machine(name: string, commands: Readonly<Record<string, string>>, osRelease: string) {
    const bin = join(this.folder, name);
    mkdirSync(bin);
    for (const [command, script] of Object.entries(commands)) {
      writeFileSync(join(bin, command), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    const release = join(this.folder, `${name}-release`);
    writeFileSync(release, osRelease);
    return { PATH: bin, KSWEEP_OS_RELEASE: release };
  }

  /** Runs infra/setup.mjs or infra/start.mjs. */
  run(script: 'setup' | 'start', env: NodeJS.ProcessEnv, args: readonly string[] = [], uid?: number) {
    const command = [join(this.dir, 'infra', `${script}.mjs`), ...args];
    return spawnSync(process.execPath, command, {
      encoding: 'utf8',
      env,
      timeout: 60_000,
      ...(uid === undefined ? {} : { uid }),
    }) as SpawnSyncReturns<string>;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
