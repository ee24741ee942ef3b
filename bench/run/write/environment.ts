import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, hostname, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../common/package-root.ts';
import type { Environment } from '../../results/ground.ts';

function ksweepVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string })
    .version;
}

function osName(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}

function gitCommit(): string | null {
  try {
    const options = {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'],
    };
    return execFileSync('git', ['rev-parse', 'HEAD'], options).toString().trim();
  } catch {
    return null;
  }
}

/** The machine and the versions that a run's figures hold for. */
export function describeEnvironment(versions: {
  readonly client: string;
  readonly librdkafka: string;
}): Environment {
  const processors = cpus();
  return {
    hostname: hostname(),
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cpuCount: processors.length,
    memoryBytes: totalmem(),
    kernel: release(),
    os: osName(),
    node: process.version,
    ksweep: ksweepVersion(),
    gitCommit: gitCommit(),
    client: versions.client,
    librdkafka: versions.librdkafka,
  };
}
