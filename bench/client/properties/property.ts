import type { Scalar } from '../../common/scalar.ts';

/** What a value of a property may be. */
export type Check =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'one of'; readonly values: readonly Scalar[] }
  | { readonly kind: 'text' };

/** A property of Kafka's own (Java) clients, and what becomes of it in librdkafka. */
export interface Property {
  readonly kafka: string;
  readonly role: 'producer' | 'consumer' | 'both';
  /** librdkafka's name; null where ksweep itself carries it out. */
  readonly librdkafka: string | null;
  readonly check: Check;
  /** Default of the Java client (Kafka 4); undefined where it has none. */
  readonly javaDefault?: Scalar;
  /** librdkafka's default, where it differs: then the Java one is pinned. */
  readonly librdkafkaDefault?: Scalar;
  /** Pinned to this instead, with the reason, where neither default serves a benchmark. */
  readonly ownPin?: { readonly value: Scalar; readonly reason: string };
  /** Why librdkafka takes less than Java does, where it does. */
  readonly narrower?: string;
  readonly convert?: (value: Scalar) => Scalar;
}

const INT_MAX = 2_147_483_647;
export const integer = (min: number, max: number = INT_MAX): Check => ({ kind: 'integer', min, max });
export const boolean: Check = { kind: 'boolean' };
export const text: Check = { kind: 'text' };
export const oneOf = (...values: Scalar[]): Check => ({ kind: 'one of', values });
