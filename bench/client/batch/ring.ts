import type { RowRange } from '../driver.ts';
import type { NativeRing } from './addon.ts';

const CONTROL_BYTES = 256;
/** Control words, 64 bytes apart: a cache line each. */
const [HEAD, TAIL, WRITER_WAITS, ASKED] = [0, 16, 32, 48];

/** JavaScript's side of a ring that a thread of the addon writes: reading and releasing cost no call into it. */
export class RingReader {
  readonly mask: number;
  readonly doubles: readonly Float64Array[];
  readonly ints: readonly Int32Array[];
  readonly #native: NativeRing;
  readonly #control: Int32Array;
  readonly #buffer: ArrayBuffer;
  readonly #bytesAt: number;
  readonly #rows: number;
  #tail = 0;
  #onReadable: (() => void) | undefined;

  constructor(native: NativeRing, rows: number, doubles: number, ints: number) {
    this.#native = native;
    this.#rows = rows;
    this.mask = rows - 1;
    const buffer = native.memory();
    this.#buffer = buffer;
    this.#control = new Int32Array(buffer, 0, CONTROL_BYTES / 4);
    const intsAt = CONTROL_BYTES + rows * doubles * 8;
    this.#bytesAt = intsAt + rows * ints * 4;
    this.doubles = Array.from(
      { length: doubles },
      (_, column) => new Float64Array(buffer, CONTROL_BYTES + column * rows * 8, rows),
    );
    this.ints = Array.from(
      { length: ints },
      (_, column) => new Int32Array(buffer, intsAt + column * rows * 4, rows),
    );
  }

  /** A byte column: the place of its first byte a row, and its bytes a row. */
  bytes(at: number, width: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#bytesAt + at * this.#rows, width * this.#rows);
  }

  readable(): RowRange {
    const count = (Atomics.load(this.#control, HEAD) - this.#tail) | 0;
    if (count === 0) this.#ask();
    return { start: this.#tail & this.mask, count };
  }

  release(count: number): void {
    const there = (Atomics.load(this.#control, HEAD) - this.#tail) | 0;
    if (!(Number.isInteger(count) && count >= 0 && count <= there)) {
      throw new RangeError(`release: expected 0 to ${there} rows, not ${count}`);
    }
    this.#tail = (this.#tail + count) | 0;
    Atomics.store(this.#control, TAIL, this.#tail);
    this.#ask();
  }

  /** Tells the writing thread that its reader is alive, and wakes it where it waits for that or for room. */
  #ask(): void {
    Atomics.add(this.#control, ASKED, 1);
    if (Atomics.load(this.#control, WRITER_WAITS) === 1) this.#native.wakeWriter();
  }

  onReadable(callback: () => void): void {
    this.#onReadable = callback;
    this.#native.arm();
  }

  /** The addon's event: rows came after `onReadable`. */
  deliver(): void {
    const callback = this.#onReadable;
    this.#onReadable = undefined;
    callback?.();
  }
}
