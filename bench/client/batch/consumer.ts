import { STAMP_BYTES } from '../../common/stamp-place.ts';
import type {
  ClientSettings,
  ConsumerClient,
  ConsumerHandlers,
  ConsumerOptions,
  ReceivedRows,
} from '../driver.ts';
import { withOwnSettings } from '../own-settings.ts';
import type { NativeConsumer } from './addon.ts';
import { called, promised } from './call.ts';
import { RingClient } from './ring-client.ts';

export class BatchConsumer extends RingClient<NativeConsumer> implements ConsumerClient {
  readonly rows: ReceivedRows;
  readonly rowMask: number;

  constructor(settings: ClientSettings, options: ConsumerOptions, handlers: ConsumerHandlers) {
    // The addon counts its traffic itself.
    const own = withOwnSettings({ 'statistics.interval.ms': 0, ...settings });
    super(settings, ({ Consumer }, onEvent) => new Consumer(own, options, onEvent), handlers, {
      rows: options.ringRows,
      doubles: 3,
      ints: 2,
    });
    const [offset, timestampMs, atUs] = this.ring.doubles as [Float64Array, Float64Array, Float64Array];
    const [partition, sizeBytes] = this.ring.ints as [Int32Array, Int32Array];
    const stamp = this.ring.bytes(0, STAMP_BYTES);
    const stamped = this.ring.bytes(STAMP_BYTES, 1);
    this.rows = { partition, offset, sizeBytes, timestampMs, atUs, stamp, stamped };
    this.rowMask = this.ring.mask;
  }

  async connect(
    topics: readonly string[],
    timeoutMs: number,
    paused: boolean,
    beforeJoin?: () => Promise<void>,
  ): Promise<void> {
    if (beforeJoin !== undefined) {
      await promised(() => this.native.leaders(topics, timeoutMs));
      await beforeJoin();
    }
    await promised(() => this.native.connect(topics, timeoutMs, paused));
  }

  resume(): void {
    called(() => this.native.pause(false));
  }

  pause(): void {
    called(() => this.native.pause(true));
  }

  close({ leave = true }: { leave?: boolean } = {}): Promise<void> {
    return this.closeOnce(leave);
  }
}
