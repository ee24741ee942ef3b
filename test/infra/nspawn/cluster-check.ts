import * as assert from 'uvu/assert';
import { isLeftOut } from '../../support/left-out.ts';
import type { Suite } from '../../support/suite.ts';
import { type Hosts, whyNot } from './hosts.ts';

const TOPIC = 'kept01';
const HEALTH_LIMIT_MS = 240_000;

/** Where no hosts can be booted, one test says why. */
export const skipWhereImpossible = (test: Suite): boolean => isLeftOut(test, whyNot());

/** The hosts' own words about why a playbook failed, and its last lines. */
function failure(output: string): string {
  const words = output.split('\n\n').flatMap((task) => /^(?:fatal|failed): .*/ms.exec(task)?.[0] ?? []);
  return [...words.map((each) => each.slice(0, 2000)), output.slice(-1000)].join('\n');
}

/** What the tests of both modes ask of a cluster. */
export class ClusterCheck {
  readonly #hosts: Hosts;
  readonly #brokers: readonly string[];

  constructor(hosts: Hosts, brokers: readonly string[]) {
    this.#hosts = hosts;
    this.#brokers = brokers;
  }

  get #first(): string {
    const [first] = this.#brokers;
    if (first === undefined) throw new Error('no broker');
    return first;
  }

  /** A playbook that has to succeed on every host. */
  async play(name: string, ...words: string[]): Promise<void> {
    const { status, output, recap } = await this.#hosts.playbook(name, ...words);
    assert.is(status, 0, failure(output));
    for (const [host, { failed, unreachable }] of recap) assert.is(failed + unreachable, 0, host);
  }

  /** A playbook that has to find everything as it wants it. */
  async playUnchanged(name: string): Promise<void> {
    const { status, output, recap } = await this.#hosts.playbook(name);
    assert.is(status, 0, failure(output));
    assert.is(recap.size, this.#hosts.names.length);
    const changed = [...recap].filter((entry) => entry[1].changed !== 0).map(([host]) => host);
    assert.equal(changed, [], output.match(/TASK [^\n]*\n(?:ok:[^\n]*\n)*changed:[^\n]*/g)?.join('\n'));
  }

  /** Waits until the hosts' own health check passes. */
  async healthy(): Promise<void> {
    let answer = '';
    const passed = async (): Promise<boolean> => {
      answer = await this.#hosts.ssh(this.#first, 'kafka-health 2>&1 && echo healthy || true');
      return answer.trim() === 'healthy';
    };
    const deadline = Date.now() + HEALTH_LIMIT_MS;
    while (!(await passed())) assert.ok(Date.now() < deadline, answer);
  }

  topics(...words: string[]): Promise<string> {
    return this.#tool('kafka-topics', words);
  }

  /** Writes a record into a topic of three replicas that lives as long as the cluster. */
  async produce(record: string): Promise<void> {
    await this.topics(
      '--create',
      '--if-not-exists',
      '--topic',
      TOPIC,
      '--partitions',
      '1',
      '--replication-factor',
      '3',
    );
    await this.#tool('kafka-console-producer', ['--topic', TOPIC], `${record}\n`);
  }

  /** Every record of it. */
  async consume(): Promise<string[]> {
    const words = ['--topic', TOPIC, '--from-beginning', '--max-messages', '1', '--timeout-ms', '60000'];
    return (await this.#tool('kafka-console-consumer', words)).trim().split('\n');
  }

  /** Whether a topic of ksweep's has a record. */
  async loadArrives(): Promise<boolean> {
    const offsets = await this.#tool('kafka-get-offsets', ['--topic', 'ksweep.*']).catch(() => '');
    return /:[1-9]\d*$/m.test(offsets);
  }

  /** When each broker's unit was started last, in µs of the machine's monotonic clock. */
  startTimes(): Promise<number[]> {
    const ask = 'systemctl show -P ActiveEnterTimestampMonotonic kafka-server';
    return Promise.all(this.#brokers.map(async (name) => Number(await this.#hosts.ssh(name, ask))));
  }

  #tool(tool: string, words: readonly string[], input?: string): Promise<string> {
    const command = `/usr/local/kafka/bin/${tool}.sh --bootstrap-server ${this.#first}:9092 ${words.join(' ')}`;
    return this.#hosts.ssh(this.#first, command, input);
  }
}
