import type { ClientSettings, RowRange, RowSource, Traffic } from '../driver.ts';
import { answerToken } from '../tokens/answer.ts';
import { type Addon, loadAddon, type NativeRing, type OnEvent } from './addon.ts';
import { called, promised } from './call.ts';
import { dispatch, type EventHandlers } from './events.ts';
import { RingReader } from './ring.ts';

/** How many rows the addon's ring has, and its columns by their type. */
interface RingShape {
  readonly rows: number;
  readonly doubles: number;
  readonly ints: number;
}

/** What a producer and a consumer of the addon share: a ring of rows, its events, statistics and one close. */
export abstract class RingClient<Native extends NativeRing> implements RowSource {
  protected readonly native: Native;
  protected readonly ring: RingReader;
  #closed: Promise<void> | undefined;

  protected constructor(
    settings: ClientSettings,
    create: (addon: Addon, onEvent: OnEvent) => Native,
    handlers: EventHandlers,
    { rows, doubles, ints }: RingShape,
    onStatistics: (json: string) => void = () => {},
  ) {
    const addon = loadAddon();
    const onReadable = (): void => this.ring.deliver();
    const onAssignment: EventHandlers['onAssignment'] = (event, partitions) => {
      // What was posted before the close says nothing of a group any more.
      if (this.#closed === undefined) handlers.onAssignment?.(event, partitions);
    };
    const { onError } = handlers;
    const onToken = (): void => void answerToken(settings, () => this.native);
    const onEvent = dispatch({ onError, onAssignment, onReadable, onToken, onStatistics }, addon.errorName);
    this.native = called(() => create(addon, onEvent));
    this.ring = new RingReader(this.native, rows, doubles, ints);
  }

  readable(): RowRange {
    return this.ring.readable();
  }

  release(count: number): void {
    this.ring.release(count);
  }

  waitUntil(deadlineUs: number): boolean {
    called(() => this.native.waitUntil(deadlineUs));
    return true;
  }

  onReadable(callback: () => void): void {
    called(() => this.ring.onReadable(callback));
  }

  cpuUs(): number {
    return called(() => this.native.cpuUs());
  }

  async traffic(): Promise<Traffic | null> {
    return called(() => this.native.traffic());
  }

  /** Once, however often it is called. */
  protected closeOnce(leave: boolean): Promise<void> {
    this.#closed ??= promised(() => this.native.close(leave));
    return this.#closed;
  }
}
