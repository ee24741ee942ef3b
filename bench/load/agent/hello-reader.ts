import { z } from 'zod';
import { FrameError, shown } from './frames.ts';
import { HELLO_PREFIX, type Hello } from './hello.ts';

const helloSchema = z.object({
  version: z.string(),
  node: z.string(),
  platform: z.string(),
  client: z.string(),
  cores: z.number(),
  freeMemoryBytes: z.number(),
});

/** Longer than any line that an agent says hello with. */
const MAX_LINE_BYTES = 4_096;

/** Takes the hello off the beginning of a stream. */
export class HelloReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** The hello and what came behind it; null while its line is not whole. Throws FrameError where it is something else. */
  push(bytes: Uint8Array): { readonly hello: Hello; readonly rest: Uint8Array } | null {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const begun = this.#bytes.subarray(0, HELLO_PREFIX.length).toString('latin1');
    if (!HELLO_PREFIX.startsWith(begun)) throw notHello(this.#bytes);
    const end = this.#bytes.indexOf('\n');
    if (end === -1) {
      if (this.#bytes.length > MAX_LINE_BYTES) throw notHello(this.#bytes);
      return null;
    }
    let told: unknown;
    try {
      told = JSON.parse(this.#bytes.subarray(HELLO_PREFIX.length, end).toString('utf8'));
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
