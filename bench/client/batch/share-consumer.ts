import { STAMP_BYTES } from '../../common/stamp-place.ts';
import type {
  ClientSettings,
  ConsumerHandlers,
  ConsumerOptions,
  ShareConsumerClient,
  ShareRows,
} from '../driver.ts';
import { withOwnSettings } from '../own-settings.ts';
import type { NativeShareConsumer } from './addon.ts';
import { called, promised } from './call.ts';
import { RingClient } from './ring-client.ts';

/** What librdkafka's statistics tell of a member's group (STATISTICS.md, cgrp). */
const JOINED = /"join_state": ?"steady"/;

export class BatchShareConsumer extends RingClient<NativeShareConsumer> implements ShareConsumerClient {
  readonly rows: ShareRows;
  readonly rowMask: number;

  constructor(settings: ClientSettings, options: ConsumerOptions, handlers: ConsumerHandlers) {
    let joined = false;
    super(
      settings,
      ({ ShareConsumer }, onEvent) => new ShareConsumer(withOwnSettings(settings), options, onEvent),
      handlers,
      { rows: options.ringRows, doubles: 3, ints: 3 },
      // The brokers assign, and tell the application nothing of it: the statistics do.
      (json) => {
        if (joined || !JOINED.test(json)) return;
        joined = true;
        handlers.onAssignment('assigned', []);
      },
    );
    const [offset, timestampMs, atUs] = this.ring.doubles as [Float64Array, Float64Array, Float64Array];
    const [partition, sizeBytes, deliveries] = this.ring.ints as [Int32Array, Int32Array, Int32Array];
    const stamp = this.ring.bytes(0, STAMP_BYTES);
    const stamped = this.ring.bytes(STAMP_BYTES, 1);
    const verdict = this.ring.bytes(STAMP_BYTES + 1, 1);
    this.rows = { partition, offset, sizeBytes, timestampMs, atUs, stamp, stamped, deliveries, verdict };
    this.rowMask = this.ring.mask;
  }

  async connect(
    topics: readonly string[],
    _timeoutMs: number,
    paused: boolean,
    beforeJoin?: () => Promise<void>,
  ): Promise<void> {
    await beforeJoin?.();
    await promised(() => this.native.connect(topics, paused));
  }

  resume(): void {
    called(() => this.native.pause(false));
  }

  pause(): void {
    called(() => this.native.pause(true));
  }

  /** librdkafka lets nobody watch a share consumer's requests, nor its threads: their CPU is not in `cpuUs`. */
  override async traffic(): Promise<null> {
    return null;
  }

  close({ leave = true }: { leave?: boolean } = {}): Promise<void> {
    return this.closeOnce(leave);
  }
}
