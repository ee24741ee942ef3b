import { operationNames } from '../acl-operations.ts';
import {
  type AdminClient,
  ClientError,
  type ClientSettings,
  type ClusterHealth,
  type TopicSpec,
  type TopicState,
} from '../driver.ts';
import { answerToken } from '../tokens/answer.ts';
import { loadAddon, type NativeAdmin } from './addon.ts';
import { called, promised } from './call.ts';
import { dispatch } from './events.ts';

export class BatchAdmin implements AdminClient {
  readonly #native: NativeAdmin;
  #closed: Promise<void> | undefined;
  #complaint: string | null = null;

  constructor(settings: ClientSettings) {
    const { Admin, errorName } = loadAddon();
    const onError = (code: string, message: string): void => {
      // That all brokers are down follows from what was said of each.
      if (code !== 'ERR__ALL_BROKERS_DOWN') this.#complaint = message;
    };
    const onToken = (): void => void answerToken(settings, () => this.#native);
    const onEvent = dispatch({ onError, onToken }, errorName);
    this.#native = called(() => new Admin(settings, onEvent));
  }

  async connect(timeoutMs: number): Promise<void> {
    await promised(() => this.#native.metadata(timeoutMs));
  }

  async describeCluster(timeoutMs: number): Promise<readonly { id: number; address: string }[]> {
    return (await promised(() => this.#native.metadata(timeoutMs))).brokers;
  }

  createTopic(topic: TopicSpec, timeoutMs: number): Promise<void> {
    return this.#create(topic, timeoutMs, false);
  }

  validateTopic(topic: TopicSpec, timeoutMs: number): Promise<void> {
    return this.#create(topic, timeoutMs, true);
  }

  #create(topic: TopicSpec, timeoutMs: number, validateOnly: boolean): Promise<void> {
    const { name, partitions, replicationFactor, configs } = topic;
    return promised(() =>
      this.#native.createTopic(name, partitions, replicationFactor, configs, timeoutMs, validateOnly),
    );
  }

  async clusterOperations(timeoutMs: number): Promise<readonly string[] | null> {
    return operationNames(await promised(() => this.#native.clusterOperations(timeoutMs)));
  }

  async topicOperations(name: string, timeoutMs: number): Promise<readonly string[] | null> {
    return operationNames(await promised(() => this.#native.topicOperations(name, timeoutMs)));
  }

  deleteTopic(name: string, timeoutMs: number): Promise<void> {
    return promised(() => this.#native.deleteTopic(name, timeoutMs));
  }

  async listTopics(timeoutMs: number): Promise<readonly string[]> {
    const { topics } = await promised(() => this.#native.metadata(timeoutMs));
    return topics.map(({ name }) => name);
  }

  async describeTopic(
    name: string,
    timeoutMs: number,
  ): Promise<{ partitions: number; replicationFactor: number }> {
    const { topics } = await promised(() => this.#native.metadata(timeoutMs));
    const found = topics.find((topic) => topic.name === name);
    if (found === undefined) {
      throw new ClientError('ERR_UNKNOWN_TOPIC_OR_PART', `the cluster has no topic named ${name}`);
    }
    return { partitions: found.partitions, replicationFactor: found.replicationFactor };
  }

  topicState(name: string, timeoutMs: number): Promise<TopicState> {
    return promised(() => this.#native.topicState(name, timeoutMs));
  }

  async offsets(
    topic: string,
    partitions: number,
    timeoutMs: number,
  ): Promise<{ low: readonly number[]; high: readonly number[] }> {
    const ask = (latest: boolean): Promise<number[]> =>
      promised(() => this.#native.listOffsets(topic, partitions, latest, timeoutMs));
    const [low, high] = await Promise.all([ask(false), ask(true)]);
    return { low, high };
  }

  commitOffsets(group: string, topic: string, offsets: readonly number[], timeoutMs: number): Promise<void> {
    return promised(() => this.#native.commitOffsets(group, topic, offsets, timeoutMs));
  }

  configureGroup(name: string, configs: ClientSettings, remove: boolean, timeoutMs: number): Promise<void> {
    return promised(() => this.#native.configureGroup(name, configs, remove, timeoutMs));
  }

  deleteGroups(names: readonly string[], timeoutMs: number): Promise<void> {
    return promised(() => this.#native.deleteGroups(names, timeoutMs));
  }

  clusterHealth(timeoutMs: number): Promise<ClusterHealth> {
    return promised(() => this.#native.clusterHealth(timeoutMs));
  }

  groupLag(group: string, timeoutMs: number): Promise<number | null> {
    return promised(() => this.#native.groupLag(group, timeoutMs));
  }

  complaint(): string | null {
    return this.#complaint;
  }

  close(): Promise<void> {
    this.#closed ??= promised(() => this.#native.close());
    return this.#closed;
  }
}
