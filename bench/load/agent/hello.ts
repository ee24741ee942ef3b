import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type ClientName, chooseClient } from '../../client/choose.ts';
import { KsweepError } from '../../common/errors.ts';
import { packageRoot } from '../../common/package-root.ts';
import { FrameError, shown } from './frames.ts';

/** What an agent tells before anything else: one line of JSON, which every version can read, whatever comes after it. */
const helloSchema = z.object({
  version: z.string(),
  node: z.string(),
  platform: z.string(),
  /** The best client that it has. */
  client: z.string(),
  cores: z.number(),
  freeMemoryBytes: z.number(),
});
export type Hello = z.infer<typeof helloSchema>;

const PREFIX = 'ksweep-agent ';
/** Longer than any line that an agent says hello with. */
const MAX_LINE_BYTES = 4_096;

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

export const helloLine = (hello: Hello): string => `${PREFIX}${JSON.stringify(hello)}\n`;

/** Takes the hello off the beginning of a stream. */
export class HelloReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** The hello and what came behind it; null while its line is not whole. Throws FrameError where it is something else. */
  push(bytes: Uint8Array): { readonly hello: Hello; readonly rest: Uint8Array } | null {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const begun = this.#bytes.subarray(0, PREFIX.length).toString('latin1');
    if (!PREFIX.startsWith(begun)) throw notHello(this.#bytes);
    const end = this.#bytes.indexOf('\n');
    if (end === -1) {
      if (this.#bytes.length > MAX_LINE_BYTES) throw notHello(this.#bytes);
      return null;
    }
    let told: unknown;
    try {
      told = JSON.parse(this.#bytes.subarray(PREFIX.length, end).toString('utf8'));
    } catch {
      throw notHello(this.#bytes);
    }
    const parsed = helloSchema.safeParse(told);
    if (!parsed.success) throw notHello(this.#bytes);
    return { hello: parsed.data, rest: this.#bytes.subarray(end + 1) };
  }
}

const notHello = (bytes: Uint8Array): FrameError =>
  new FrameError(
    `said ${shown(bytes)} where an agent says hello; whatever prints on the standard output there, such as a login banner, has to be silenced`,
  );

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
