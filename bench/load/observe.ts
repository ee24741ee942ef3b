import { rm } from 'node:fs/promises';
import { type AdminClient, ClientError, type Driver } from '../client/driver.ts';
import { askRights } from '../client/rights.ts';
import type { ObserverAnswers, ObserverRequest } from './observer-requests.ts';
import type { FromLoad, ObserverAssignment } from './protocol.ts';

const ABANDON_TIMEOUT_MS = 5_000;

type Answer = ObserverAnswers[ObserverRequest['kind']];

/** The admin side of a run: answers the coordinator's requests, one connection for the whole run. */
export class Observer {
  readonly #driver: Driver;
  readonly #admin: AdminClient;
  readonly #emit: (message: FromLoad) => void;
  readonly #scratchDir: string | null;
  readonly #made = new Set<string>();
  #connected: Promise<void> = Promise.resolve();

  constructor(assignment: ObserverAssignment, driver: Driver, emit: (message: FromLoad) => void) {
    this.#driver = driver;
    this.#admin = driver.createAdmin(assignment.client);
    this.#emit = emit;
    this.#scratchDir = assignment.scratchDir;
  }

  prepare(timeoutMs: number): void {
    this.#connected = this.#admin.connect(timeoutMs);
    // Whoever asks something is told; nobody may be asking yet.
    this.#connected.catch(() => {});
  }

  async ask(id: number, request: ObserverRequest): Promise<void> {
    try {
      // What keeps the client from connecting is asked for while it does not.
      if (request.kind !== 'complaint') await this.#connected;
      this.#emit({ type: 'answer', id, answer: await this.#answer(request) });
    } catch (error) {
      const code = error instanceof ClientError ? error.code : 'ERR__FAIL';
      this.#emit({
        type: 'refused',
        id,
        code,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }

  async #answer(request: ObserverRequest): Promise<Answer> {
    const admin = this.#admin;
    switch (request.kind) {
      case 'describe-cluster':
        return { brokers: await admin.describeCluster(request.timeoutMs), ...this.#driver.versions };
      case 'complaint':
        return { reason: admin.complaint() };
      case 'ask-rights':
        return askRights(admin, request.question, request.timeoutMs);
      case 'create-topic':
        // Noted first: a request that times out may still have made the topic.
        this.#made.add(request.topic.name);
        await admin.createTopic(request.topic, request.timeoutMs);
        return null;
      case 'validate-topic':
        await admin.validateTopic(request.topic, request.timeoutMs);
        return null;
      case 'delete-topics':
        return { deleted: await this.#deleteTopics(request.names, request.timeoutMs) };
      case 'delete-groups':
        await admin.deleteGroups(request.names, request.timeoutMs);
        return null;
      case 'commit-offsets':
        await admin.commitOffsets(request.group, request.topic, request.offsets, request.timeoutMs);
        return null;
      case 'configure-group': {
        const { group, configs, remove, timeoutMs } = request;
        await admin.configureGroup(group, configs, remove, timeoutMs);
        return null;
      }
      case 'cluster-health':
        return admin.clusterHealth(request.timeoutMs);
      case 'group-lag':
        return { records: await admin.groupLag(request.group, request.timeoutMs) };
      case 'list-topics':
        return { names: await admin.listTopics(request.timeoutMs) };
      case 'describe-topic':
        return admin.describeTopic(request.name, request.timeoutMs);
      case 'topic-state':
        return admin.topicState(request.name, request.timeoutMs);
      case 'offsets':
        return admin.offsets(request.topic, request.partitions, request.timeoutMs);
    }
  }

  async #deleteTopics(names: readonly string[], timeoutMs: number): Promise<string[]> {
    const deleted: string[] = [];
    for (const name of names) {
      try {
        await this.#admin.deleteTopic(name, timeoutMs);
        deleted.push(name);
        this.#made.delete(name);
      } catch (error) {
        // Gone already is what was wanted.
        if (!(error instanceof ClientError) || error.code !== 'ERR_UNKNOWN_TOPIC_OR_PART') throw error;
      }
    }
    return deleted;
  }

  /** The coordinator was killed: removes what it can no longer remove. */
  async abandon(): Promise<void> {
    if (this.#scratchDir !== null) await rm(this.#scratchDir, { recursive: true, force: true });
    await this.#deleteTopics([...this.#made], ABANDON_TIMEOUT_MS);
  }

  close(): Promise<void> {
    return this.#admin.close();
  }
}
