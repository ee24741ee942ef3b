import type { Writable } from 'node:stream';
import { deserialize, serialize } from 'node:v8';

/**
 * Messages on a stream of bytes. A message is serialized by node:v8 and cut into frames, so that a large one does not
 * hold up a heartbeat: urgent messages go between the frames of the others.
 *
 * | bytes | what |
 * | --- | --- |
 * | 0–3 | u32 big-endian: length of what follows the header, up to 65,536 |
 * | 4 | bit 0: the message's last frame; bit 1: of an urgent message; all others 0 |
 */
const HEADER_BYTES = 5;
export const FRAME_BYTES = 65_536;
const LAST = 1;
const URGENT = 2;
/** The bitmap of a billion sequences has 125 MB; nothing that is said is longer than two of them. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** What came is not what this protocol says. */
export class FrameError extends Error {}

/** The frames of one message, in order. Throws FrameError where it is longer than the other end would take. */
export function* framesOf(message: unknown, urgent: boolean): Generator<Uint8Array> {
  const bytes = serialize(message);
  if (bytes.length > MAX_MESSAGE_BYTES)
    throw new FrameError(`a message of ${bytes.length} bytes is too long`);
  for (let from = 0; from < bytes.length; from += FRAME_BYTES) {
    const part = bytes.subarray(from, from + FRAME_BYTES);
    const frame = Buffer.allocUnsafe(HEADER_BYTES + part.length);
    frame.writeUInt32BE(part.length, 0);
    frame[4] = (from + part.length === bytes.length ? LAST : 0) | (urgent ? URGENT : 0);
    frame.set(part, HEADER_BYTES);
    yield frame;
  }
}

/** Writes messages to a stream, no faster than it takes them. */
export class FrameWriter {
  readonly #stream: Writable;
  readonly #urgent: Generator<Uint8Array>[] = [];
  readonly #others: Generator<Uint8Array>[] = [];
  #blocked = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('drain', () => {
      this.#blocked = false;
      this.#pump();
    });
  }

  /** @param urgent goes before what waits; its order among others must not matter */
  send(message: unknown, urgent = false): void {
    (urgent ? this.#urgent : this.#others).push(framesOf(message, urgent));
    this.#pump();
  }

  #pump(): void {
    while (!this.#blocked && !this.#stream.destroyed && !this.#stream.writableEnded) {
      const lane = this.#urgent.length > 0 ? this.#urgent : this.#others;
      const next = lane[0]?.next();
      if (next === undefined) return;
      if (next.done === true) lane.shift();
      else this.#blocked = !this.#stream.write(next.value);
    }
  }
}

/** Puts the bytes of a stream together to messages again. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #parts = { urgent: [] as Buffer[], others: [] as Buffer[] };
  readonly #sizes = { urgent: 0, others: 0 };

  /** Throws FrameError on what is no frame, and on a message that is too long. */
  push(bytes: Uint8Array): unknown[] {
    const messages: unknown[] = [];
    let rest = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    while (rest.length >= HEADER_BYTES) {
      const length = rest.readUInt32BE(0);
      const flags = rest[4] as number;
      if (length === 0 || length > FRAME_BYTES || flags > (LAST | URGENT)) {
        throw new FrameError(`no frame of ksweep's: ${shown(rest)}`);
      }
      if (rest.length < HEADER_BYTES + length) break;
      const lane = (flags & URGENT) === 0 ? 'others' : 'urgent';
      this.#parts[lane].push(rest.subarray(HEADER_BYTES, HEADER_BYTES + length));
      this.#sizes[lane] += length;
      if (this.#sizes[lane] > MAX_MESSAGE_BYTES) throw new FrameError('a message is too long');
      if ((flags & LAST) !== 0) messages.push(this.#take(lane));
      rest = rest.subarray(HEADER_BYTES + length);
    }
    this.#rest = rest;
    return messages;
  }

  #take(lane: 'urgent' | 'others'): unknown {
    const whole = Buffer.concat(this.#parts[lane]);
    this.#parts[lane] = [];
    this.#sizes[lane] = 0;
    try {
      return deserialize(whole);
    } catch (error) {
      throw new FrameError(`a message cannot be read: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** The beginning of what came, as text that does no harm to a terminal. */
export function shown(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, 60))
    .toString('latin1')
    .replaceAll(/[^ -~]+/g, ' ')
    .trim();
  return text === '' ? `${bytes.length} bytes that are no text` : `"${text}"`;
}
