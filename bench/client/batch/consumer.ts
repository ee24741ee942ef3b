import { STAMP_BYTES } from '../../common/stamp-place.ts';
import type {
  ClientSettings,
  ClientStatistics,
  ConsumerClient,
  ConsumerHandlers,
  ConsumerOptions,
  ReceivedRows,
  RowRange,
} from '../driver.ts';
import { withOwnSettings } from '../own-settings.ts';
import { StatisticsListener } from '../statistics.ts';
import { loadAddon, type NativeConsumer } from './addon.ts';
import { called, promised } from './call.ts';
import { dispatch } from './events.ts';
import { RingReader } from './ring.ts';

export class BatchConsumer implements ConsumerClient {
  readonly rows: ReceivedRows;
  readonly rowMask: number;
  readonly #native: NativeConsumer;
  readonly #ring: RingReader;
  readonly #statistics = new StatisticsListener();
  #closed: Promise<void> | undefined;

  constructor(settings: ClientSettings, options: ConsumerOptions, handlers: ConsumerHandlers) {
    const { Consumer, errorName } = loadAddon();
    const onReadable = (): void => this.#ring.deliver();
    const onAssignment: ConsumerHandlers['onAssignment'] = (event, partitions) => {
      // What was posted before the close says nothing of a group any more.
      if (this.#closed === undefined) handlers.onAssignment(event, partitions);
    };
    const { onError } = handlers;
    const onEvent = dispatch({ onError, onAssignment, onReadable }, this.#statistics, errorName);
    this.#native = called(() => new Consumer(withOwnSettings(settings), options, onEvent));
    this.#ring = new RingReader(this.#native, options.ringRows, 3, 2);
    const [offset, timestampMs, atUs] = this.#ring.doubles as [Float64Array, Float64Array, Float64Array];
    const [partition, sizeBytes] = this.#ring.ints as [Int32Array, Int32Array];
    const stamp = this.#ring.bytes(0, STAMP_BYTES);
    const stamped = this.#ring.bytes(STAMP_BYTES, 1);
    this.rows = { partition, offset, sizeBytes, timestampMs, atUs, stamp, stamped };
    this.rowMask = this.#ring.mask;
  }

  connect(topics: readonly string[], timeoutMs: number, paused: boolean): Promise<void> {
    return promised(() => this.#native.connect(topics, timeoutMs, paused));
  }

  resume(): void {
    called(() => this.#native.pause(false));
  }

  pause(): void {
    called(() => this.#native.pause(true));
  }

  readable(): RowRange {
    return this.#ring.readable();
  }

  release(count: number): void {
    this.#ring.release(count);
  }

  waitUntil(deadlineUs: number): boolean {
    called(() => this.#native.waitUntil(deadlineUs));
    return true;
  }

  onReadable(callback: () => void): void {
    called(() => this.#ring.onReadable(callback));
  }

  cpuUs(): number {
    return called(() => this.#native.cpuUs());
  }

  statistics(timeoutMs: number): Promise<ClientStatistics | null> {
    return this.#statistics.next(timeoutMs);
  }

  close({ leave = true }: { leave?: boolean } = {}): Promise<void> {
    this.#closed ??= promised(() => this.#native.close(leave));
    return this.#closed;
  }
}
