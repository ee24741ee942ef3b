import type { Driver } from '../client/driver.ts';
import type { Clock } from '../common/clock.ts';
import type { FromLoad, ProducerClocks } from './protocol.ts';

/** What a role needs of its surroundings: an agent gives it the real ones, a simulation virtual ones. */
export interface RoleContext {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly emit: (message: FromLoad) => void;
  readonly connectTimeoutMs: number;
  /** Consumers: called when connected; the group is joined when it resolves. Absent: at once. */
  readonly beforeJoin?: () => Promise<void>;
}

/** A producer or a consumer, in the order it is driven. */
export interface Role {
  /** Connects; `ready` is emitted when it has metadata (producer) or an assignment (consumer). */
  prepare(): Promise<void>;
  start(startUs: number, endUs: number): void;
  /** Consumers: how to read the producers' due times. */
  setClocks?(clocks: ProducerClocks): void;
  /** Consumers: from now on `progress` is emitted every few ms. */
  reportProgress?(): void;
  /** Ends by itself when all is sent (producer) or when told to; then `done` is emitted. */
  stop(limitMs: number): void;
  /** `leave: false`: as a killed process, without a goodbye to the group. */
  close(options?: { readonly leave?: boolean }): Promise<void>;
}

/** Adds one to an error's count. */
export function countError(errors: Record<string, number>, code: string): void {
  errors[code] = (errors[code] ?? 0) + 1;
}
