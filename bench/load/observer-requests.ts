import type { ClusterHealth, TopicSpec, TopicState } from '../client/driver.ts';
import type { RightsAnswers, RightsQuestion } from '../client/rights.ts';
import type { Scalar } from '../common/scalar.ts';

/** What the coordinator asks the observer, the admin side of a run. */
export type ObserverRequest =
  | { readonly kind: 'describe-cluster'; readonly timeoutMs: number }
  | { readonly kind: 'complaint' }
  | { readonly kind: 'ask-rights'; readonly question: RightsQuestion; readonly timeoutMs: number }
  | {
      readonly kind: 'create-topic' | 'validate-topic';
      readonly topic: TopicSpec;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'delete-topics'; readonly names: readonly string[]; readonly timeoutMs: number }
  | { readonly kind: 'delete-groups'; readonly names: readonly string[]; readonly timeoutMs: number }
  | {
      readonly kind: 'commit-offsets';
      readonly group: string;
      readonly topic: string;
      readonly offsets: readonly number[];
      readonly timeoutMs: number;
    }
  /** Sets configs of a group, or takes those away that are named. */
  | {
      readonly kind: 'configure-group';
      readonly group: string;
      readonly configs: Readonly<Record<string, Scalar>>;
      readonly remove: boolean;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'cluster-health'; readonly timeoutMs: number }
  | { readonly kind: 'group-lag'; readonly group: string; readonly timeoutMs: number }
  | { readonly kind: 'list-topics'; readonly timeoutMs: number }
  | { readonly kind: 'describe-topic' | 'topic-state'; readonly name: string; readonly timeoutMs: number }
  | {
      readonly kind: 'offsets';
      readonly topic: string;
      readonly partitions: number;
      readonly timeoutMs: number;
    };

/** The answer to each kind of request. */
export interface ObserverAnswers {
  'describe-cluster': {
    readonly brokers: readonly { id: number; address: string }[];
    readonly client: string;
    readonly librdkafka: string;
  };
  complaint: { readonly reason: string | null };
  'ask-rights': RightsAnswers;
  'create-topic': null;
  'validate-topic': null;
  'delete-topics': { readonly deleted: readonly string[] };
  'delete-groups': null;
  'commit-offsets': null;
  'configure-group': null;
  'cluster-health': ClusterHealth;
  'group-lag': { readonly records: number | null };
  'list-topics': { readonly names: readonly string[] };
  'describe-topic': { readonly partitions: number; readonly replicationFactor: number };
  'topic-state': TopicState;
  offsets: { readonly low: readonly number[]; readonly high: readonly number[] };
}
