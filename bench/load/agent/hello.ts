import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { type ClientName, chooseClient } from '../../client/choose.ts';
import { KsweepError } from '../../common/errors.ts';
import { packageRoot } from '../../common/package-root.ts';

/** What an agent tells before anything else: one line of JSON, which every version can read, whatever comes after it. */
export interface Hello {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  /** The best client that it has. */
  readonly client: string;
  readonly cores: number;
  readonly freeMemoryBytes: number;
}

export const HELLO_PREFIX = 'ksweep-agent ';

function ownVersion(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

export function ownHello(): Hello {
  return {
    version: ownVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    client: chooseClient().name,
    cores: availableParallelism(),
    freeMemoryBytes: freemem(),
  };
}

export const helloLine = (hello: Hello): string => `${HELLO_PREFIX}${JSON.stringify(hello)}\n`;

/**
 * Refuses an agent that could not measure as this coordinator asks. Throws load-host-failed with the command that mends it.
 * @param client the client that the run measures with
 */
export function checkHello(hello: Hello, host: string, client: ClientName): void {
  const version = ownVersion();
  if (hello.version !== version) {
    throw new KsweepError(
      'load-host-failed',
      `load host ${host} has ksweep ${hello.version}, and this is ${version}`,
      {
        hint: `\`ksweep agents prepare\` puts the same one on ssh hosts; elsewhere: npm install --global ksweep@${version}`,
      },
    );
  }
  if (client === 'batch' && hello.client !== 'batch') {
    throw new KsweepError('load-host-failed', `load host ${host} has no batch client`, {
      hint: 'run `npm rebuild ksweep` there with a C++ compiler installed, or measure with --client confluent',
    });
  }
}
