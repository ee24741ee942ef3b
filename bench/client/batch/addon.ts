import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../../common/package-root.ts';
import type {
  ClientSettings,
  ClusterHealth,
  ConsumerOptions,
  ProducerOptions,
  TopicState,
  Traffic,
} from '../driver.ts';

/** What the addon calls with: a kind of event, a number and a text or list (events.ts). */
export type OnEvent = (kind: number, code: number, detail: string | readonly number[]) => void;

/** A client that takes tokens (TokenTaker of tokens/answer.ts). */
interface NativeClient {
  setToken(value: string, expiresAtMs: number, principal: string): void;
  tokenFailed(reason: string): void;
}

/** A client with a ring: one buffer, its parts in the order of ring.h. */
export interface NativeRing extends NativeClient {
  memory(): ArrayBuffer;
  wakeWriter(): void;
  waitUntil(deadlineUs: number): void;
  cpuUs(): number;
  traffic(): Traffic;
  arm(): void;
  close(leave?: boolean): Promise<void>;
}

export interface NativeProducer extends NativeRing {
  connect(timeoutMs: number): Promise<void>;
  produce(
    pool: Uint8Array,
    offsets: Uint32Array,
    lengths: Int32Array,
    keyPool: Uint8Array | undefined,
    keyOffsets: Uint32Array | undefined,
    keyLengths: Int32Array | undefined,
    stamps: Uint8Array | null,
    partitions: Int32Array | null,
    slots: Int32Array | null,
    from: number,
    count: number,
    headerPool: Uint8Array | undefined,
    headerOffsets: Uint32Array | undefined,
    headerLengths: Int32Array | undefined,
  ): number;
  flush(timeoutMs: number): Promise<boolean>;
  begin(): Promise<void>;
  commit(timeoutMs: number): Promise<void>;
  abort(timeoutMs: number): Promise<void>;
}

export interface NativeConsumer extends NativeRing {
  leaders(topics: readonly string[], timeoutMs: number): Promise<void>;
  connect(topics: readonly string[], timeoutMs: number, paused: boolean): Promise<void>;
  pause(paused: boolean): void;
}

export interface NativeShareConsumer extends NativeRing {
  connect(topics: readonly string[], paused: boolean): Promise<void>;
  pause(paused: boolean): void;
}

export interface NativeAdmin extends NativeClient {
  metadata(timeoutMs: number): Promise<{
    brokers: readonly { id: number; address: string }[];
    topics: readonly { name: string; partitions: number; replicationFactor: number }[];
  }>;
  topicState(name: string, timeoutMs: number): Promise<TopicState>;
  createTopic(
    name: string,
    partitions: number,
    replicationFactor: number,
    configs: object,
    timeoutMs: number,
    validateOnly: boolean,
  ): Promise<void>;
  /** Codes of acl-operations.ts; null where the broker does not tell. */
  clusterOperations(timeoutMs: number): Promise<readonly number[] | null>;
  topicOperations(name: string, timeoutMs: number): Promise<readonly number[] | null>;
  deleteTopic(name: string, timeoutMs: number): Promise<void>;
  listOffsets(topic: string, partitions: number, latest: boolean, timeoutMs: number): Promise<number[]>;
  commitOffsets(group: string, topic: string, offsets: readonly number[], timeoutMs: number): Promise<void>;
  configureGroup(name: string, configs: object, remove: boolean, timeoutMs: number): Promise<void>;
  clusterHealth(timeoutMs: number): Promise<ClusterHealth>;
  groupLag(group: string, timeoutMs: number): Promise<number | null>;
  deleteGroups(names: readonly string[], timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface Addon {
  readonly librdkafka: string;
  errorName(code: number): string;
  readonly Producer: new (
    settings: ClientSettings,
    options: ProducerOptions,
    onEvent: OnEvent,
  ) => NativeProducer;
  readonly Consumer: new (
    settings: ClientSettings,
    options: ConsumerOptions,
    onEvent: OnEvent,
  ) => NativeConsumer;
  readonly ShareConsumer: new (
    settings: ClientSettings,
    options: ConsumerOptions,
    onEvent: OnEvent,
  ) => NativeShareConsumer;
  readonly Admin: new (settings: ClientSettings, onEvent: OnEvent) => NativeAdmin;
}

/** Where set-up puts the built addon; another build of it, such as one with a sanitizer, is named by the variable. */
export function addonFile(): string {
  return process.env['KSWEEP_BATCH_ADDON'] ?? join(packageRoot(), 'dist', 'native', 'ksweep-batch.node');
}

let loaded: Addon | undefined;

/** The one file that loads the addon. Unlike the package's own it may live in any number of worker threads. */
export function loadAddon(): Addon {
  loaded ??= createRequire(import.meta.url)(addonFile()) as Addon;
  return loaded;
}

/** Why the batch client cannot be had here, in a line with the way to get it; null where it can. */
export function addonProblem(): string | null {
  const file = addonFile();
  const remedy = `build it with: node ${join(packageRoot(), 'infra', 'setup', 'native.mjs')}`;
  if (!existsSync(file)) return `the batch client is not built (${file}); ${remedy}`;
  try {
    loadAddon();
    return null;
  } catch (error) {
    return `the batch client does not load (${error instanceof Error ? error.message : String(error)}); ${remedy}`;
  }
}
