import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A JAVA_HOME whose java is fake-java.ts, and a KAFKA_HOME without Kafka: local clusters that start at once. */
export class FakeKafka {
  readonly folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  readonly env: Readonly<Record<string, string>>;

  constructor(version = '4.3.0') {
    const bin = join(this.folder, 'jdk', 'bin');
    const libs = join(this.folder, 'kafka', 'libs');
    const temporary = join(this.folder, 'tmp');
    for (const folder of [bin, libs, temporary]) mkdirSync(folder, { recursive: true });
    const script = fileURLToPath(new URL('./fake-java.js', import.meta.url));
    writeFileSync(join(bin, 'java'), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, {
      mode: 0o755,
    });
    writeFileSync(join(libs, `kafka_2.13-${version}.jar`), '');
    this.env = {
      JAVA_HOME: join(this.folder, 'jdk'),
      KAFKA_HOME: join(this.folder, 'kafka'),
      KSWEEP_STATE: join(this.folder, 'state'),
      TMPDIR: temporary,
    };
  }

  /** Lets this very process start its clusters from it. */
  use(): void {
    Object.assign(process.env, this.env);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
