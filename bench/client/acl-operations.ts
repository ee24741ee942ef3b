/** Kafka's ACL operations by their code in the protocol, as `kafka-acls` spells them. */
const NAMES = [
  'Unknown',
  'Any',
  'All',
  'Read',
  'Write',
  'Create',
  'Delete',
  'Alter',
  'Describe',
  'ClusterAction',
  'DescribeConfigs',
  'AlterConfigs',
  'IdempotentWrite',
] as const;

/** Null where the broker did not tell. */
export const operationNames = (codes: readonly number[] | null): string[] | null =>
  codes === null ? null : codes.map((code) => NAMES[code] ?? 'Unknown');
