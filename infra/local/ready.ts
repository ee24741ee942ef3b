import { connect } from 'node:net';
import { KsweepError } from '../../bench/common/errors.ts';
import { lastLines, logText } from './log-text.ts';
import { isAlive } from './processes.ts';
import type { NodeState } from './state.ts';

/** KRaft prints the first when the broker is registered and unfenced, ZooKeeper mode the second. */
const STARTED = /Kafka Server started|\[KafkaServer id=\d+\] started/;

/** An ApiVersions v0 request: size, API key 18, version 0, correlation id 1, no client id. */
const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255]);

/** Whether a Kafka broker answers ApiVersions at host:port. A TLS listener does not answer, but accepts. */
export function answers(address: string, plainText: boolean, limitMs: number): Promise<boolean> {
  const colon = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
    let received = Buffer.alloc(0);
    const done = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(limitMs, () => done(false));
    socket.on('error', () => done(false));
    socket.on('close', () => resolve(false));
    socket.on('connect', () => (plainText ? socket.write(API_VERSIONS) : done(true)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      // size, then the correlation id that was sent
      if (received.length >= 8) done(received.readInt32BE(4) === 1);
    });
  });
}

/** When a start has to be over, whatever it is busy with. */
export interface Deadline {
  readonly atMs: number;
  readonly limitMs: number;
}

export function deadlineIn(limitMs: number): Deadline {
  return { atMs: Date.now() + limitMs, limitMs };
}

/** A node ended while it started because another process had taken its port. */
export class PortTaken extends Error {}

/**
 * Waits until every broker says that it has started and answers a client.
 * @param offsets where in each log file this start begins, by node
 * Throws PortTaken, or KsweepError `cluster-failed` with the node's last log lines.
 */
export async function waitUntilReady(
  nodes: readonly NodeState[],
  options: {
    deadline: Deadline;
    plainText: boolean;
    offsets?: ReadonlyMap<NodeState, number>;
    signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { deadline } = options;
  const waiting = new Set(nodes.filter((node) => node.role === 'broker'));
  while (waiting.size > 0) {
    options.signal?.throwIfAborted();
    for (const node of nodes) {
      if (!isAlive(node)) throw endedEarly(node, options.offsets?.get(node));
    }
    for (const node of waiting) {
      const started = STARTED.test(logText(node.logFile, options.offsets?.get(node)));
      if (started && (await answers(node.address, options.plainText, 1000))) waiting.delete(node);
    }
    const [late] = waiting;
    if (late !== undefined && Date.now() > deadline.atMs) {
      throw new KsweepError(
        'cluster-failed',
        `broker ${late.id} was not ready within ${deadline.limitMs / 1000} s`,
        { details: lastLines(logText(late.logFile, options.offsets?.get(late))) },
      );
    }
    if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function endedEarly(node: NodeState, offset: number | undefined): Error {
  const text = logText(node.logFile, offset);
  if (/Address already in use|BindException/.test(text)) {
    return new PortTaken(`${node.role} ${node.id}: its port ${node.address} was taken`);
  }
  return new KsweepError('cluster-failed', `${node.role} ${node.id} ended while it started`, {
    details: lastLines(text),
  });
}
