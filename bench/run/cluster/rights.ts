import type { RightsAnswer, RightsAnswers } from '../../client/rights.ts';
import type { Scalar } from '../../common/scalar.ts';
import type { Finding } from '../../host/checkup.ts';

/** One thing that the principal may or may not do. */
export interface Right {
  readonly right: string;
  readonly held: 'yes' | 'no' | 'not known';
  /** What a run needs it for. */
  readonly neededFor: string;
  /** Why it is not held or not known; null where it is held. */
  readonly reason: string | null;
  /** Null where it is held or not known. */
  readonly remedy: string | null;
  /** False where a run goes on without it. */
  readonly needed: boolean;
}

/** Whose rights, and to what. */
export interface RightsSubject {
  readonly principal: string;
  readonly bootstrapServers: string;
  /** Names of a run's topics and groups begin so. */
  readonly topicPrefix: string;
  readonly groupPrefix: string;
  /** A topic of the user's; null where a run makes its own. */
  readonly existing: string | null;
}

type Verdict = Pick<Right, 'held' | 'reason'>;

const YES: Verdict = { held: 'yes', reason: null };
const no = (reason: string): Verdict => ({ held: 'no', reason });
const unknown = (reason: string): Verdict => ({ held: 'not known', reason });

const ABSENT = 'ERR_UNKNOWN_TOPIC_OR_PART';
const TOPIC_DENIED = 'ERR_TOPIC_AUTHORIZATION_FAILED';
const DENIED = new Set([TOPIC_DENIED, 'ERR_GROUP_AUTHORIZATION_FAILED', 'ERR_CLUSTER_AUTHORIZATION_FAILED']);
/** The brokers checked the topic's settings, which they do for whoever may make it. */
const SETTINGS_REFUSED = new Set([
  'ERR_INVALID_REPLICATION_FACTOR',
  'ERR_INVALID_PARTITIONS',
  'ERR_INVALID_CONFIG',
  'ERR_POLICY_VIOLATION',
]);
const NOT_TOLD = 'the brokers do not tell';

const whyNot = ({ code, message }: RightsAnswer): string => `${message || 'no answer'} (${code})`;

/** Of a request that is answered by one of `fine` where it is allowed. */
function byCode(answer: RightsAnswer, fine: readonly string[]): Verdict {
  if (answer.code === null || fine.includes(answer.code)) return YES;
  return DENIED.has(answer.code) ? no(answer.message) : unknown(whyNot(answer));
}

/** Of the operations that an answer lists. */
function byOperations(answer: RightsAnswer, operation: string): Verdict {
  if (answer.code !== null) {
    return DENIED.has(answer.code) ? no(answer.message) : unknown(whyNot(answer));
  }
  if (answer.operations === null) return unknown(NOT_TOLD);
  return answer.operations.includes(operation)
    ? YES
    : no(`allowed: ${answer.operations.join(', ') || 'nothing'}`);
}

function toCreate(create: RightsAnswer, cluster: RightsAnswer): Verdict {
  if (create.code !== null && SETTINGS_REFUSED.has(create.code)) {
    return no(`the brokers refuse the topic’s settings: ${create.message}`);
  }
  const asked = byCode(create, ['ERR_TOPIC_ALREADY_EXISTS']);
  return asked.held === 'not known' && cluster.operations?.includes('Create') === true ? YES : asked;
}

/** Kafka gives Describe to whoever may read, write or delete, so where it is denied they all are. */
function unlessDenied({ code, message }: RightsAnswer, otherwise: string): Verdict {
  return code === TOPIC_DENIED ? no(message) : unknown(otherwise);
}

function toWrite({ topic }: RightsAnswers, existing: string | null): Verdict {
  return existing === null
    ? unlessDenied(topic, 'only a record in a topic of a run tells, and none is written')
    : byOperations(topic, 'Write');
}

function toRead({ topic, group }: RightsAnswers, existing: string | null): Verdict {
  if (existing !== null) return byOperations(topic, 'Read');
  if (group.code === ABSENT) return YES;
  if (group.code === TOPIC_DENIED || topic.code === TOPIC_DENIED) return no('Topic authorization failed');
  return unknown(whyNot(group));
}

/** From Kafka 2.8 on the right to write into any topic is enough. */
function toWriteIdempotently(cluster: RightsAnswer, write: Verdict): Verdict {
  if (cluster.operations?.includes('IdempotentWrite') === true || write.held === 'yes') return YES;
  return unknown('brokers from 2.8 on allow it to whoever may write into a topic');
}

/** How `kafka-acls` gives the right to this principal. */
function allow({ principal, bootstrapServers }: RightsSubject, operation: string, resource: string): string {
  const who = /^[\w:.@-]+$/.test(principal) ? principal : `'${principal}'`;
  return `kafka-acls.sh --bootstrap-server ${bootstrapServers} --command-config ADMIN.properties --add --allow-principal ${who} --operation ${operation} ${resource}`;
}

/** Each right that a run uses. Pure: what the brokers answered, and whose rights they are. */
export function rightsOf(answers: RightsAnswers, subject: RightsSubject): Right[] {
  const { existing, topicPrefix, groupPrefix } = subject;
  const prefixed = (kind: string, name: string): string =>
    `--${kind} ${name} --resource-pattern-type prefixed`;
  const topic = existing === null ? prefixed('topic', topicPrefix) : `--topic ${existing}`;
  const one = (right: string, verdict: Verdict, neededFor: string, remedy: string, needed = true): Right => ({
    right,
    ...verdict,
    neededFor,
    remedy: verdict.held === 'no' ? remedy : null,
    needed,
  });
  const describe =
    existing === null ? byCode(answers.topic, [ABSENT]) : byOperations(answers.topic, 'Describe');
  const write = toWrite(answers, existing);
  const topics: Right[] = [];
  if (answers.create !== null) {
    const verdict = toCreate(answers.create, answers.cluster);
    const refused = answers.create.code !== null && SETTINGS_REFUSED.has(answers.create.code);
    const own = 'a topic that is there does as well: topic: {name: …, existing: true}';
    const remedy = refused
      ? 'change topic.partitions, topic.replicationFactor or topic.configs'
      : `${allow(subject, 'Create', topic)}; ${own}`;
    topics.push(one('create topics', verdict, 'the topic of each repeat', remedy));
  }
  if (existing === null) {
    const remove = unlessDenied(answers.topic, 'the brokers tell it only of a topic that is there');
    const remedy = allow(subject, 'Delete', topic);
    topics.push(one('delete topics', remove, 'removing the topic of each repeat', remedy));
  }
  const byCluster = byOperations(answers.cluster, 'Describe');
  return [
    one(
      'describe the cluster',
      byCluster,
      'this check; a run does without',
      allow(subject, 'Describe', '--cluster'),
      false,
    ),
    ...topics,
    one(
      'describe topics',
      describe,
      'leaders, replicas, end offsets and lag',
      allow(subject, 'Describe', topic),
    ),
    one('write', write, 'producing', allow(subject, 'Write', topic)),
    one(
      'read',
      toRead(answers, existing),
      'consuming, and counting what is lost',
      allow(subject, 'Read', topic),
    ),
    one(
      'read with a group',
      byCode(answers.group, [ABSENT, TOPIC_DENIED]),
      'consumers, which join groups of the run',
      allow(subject, 'Read', prefixed('group', groupPrefix)),
    ),
    one(
      'write idempotently',
      toWriteIdempotently(answers.cluster, write),
      'enable.idempotence, which is the default',
      allow(subject, 'IdempotentWrite', '--cluster'),
    ),
    one(
      'write with a transactional.id',
      unknown('asking for one would leave its state with the brokers'),
      'transactions only',
      '',
    ),
  ];
}

const STATE = { yes: 'good', no: 'bad', 'not known': 'unknown' } as const;

export function findingOf({ right, held, neededFor, reason, remedy, needed }: Right): Finding {
  const state = held === 'no' && !needed ? 'warning' : STATE[held];
  const why = reason === null ? '' : ` (${reason})`;
  return { check: right, state, found: `${held}${why}; for ${neededFor}`, remedy };
}

/** As ACLs name it, where the client’s settings tell: a certificate’s or a token’s name is mapped by the brokers. */
export function principalOf(connection: Readonly<Record<string, Scalar>>): string {
  const user = connection['sasl.username'];
  if (user !== undefined) return `User:${user}`;
  const protocol = String(connection['security.protocol'] ?? 'plaintext').toLowerCase();
  return protocol === 'plaintext' ? 'User:ANONYMOUS' : 'User:NAME';
}
