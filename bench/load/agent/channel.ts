import { type ChildProcess, fork, spawn } from 'node:child_process';
import { loadEnvironment } from '../environment.ts';
import { FrameReader, FrameWriter } from './frames.ts';
import type { Hello } from './hello.ts';
import { HelloReader } from './hello-reader.ts';

/** A duplex of messages between a coordinator and an agent, whatever carries it. */
export interface Channel<Out> {
  /** @param urgent may go before what waits to be sent; where the order matters it must not */
  send(message: Out, urgent?: boolean): void;
}

export interface ChannelListener<In> {
  onMessage(message: In): void;
  /** Once; nothing comes after it. `how` goes on from "its agent". */
  onEnd(how: string): void;
  /** Before any message; a fork needs none, as it is of the same files. */
  onHello?(hello: Hello): void;
}

/** The coordinator's end: the process that carries the channel is its child. */
export interface AgentChannel<Out> extends Channel<Out> {
  readonly pid: number | undefined;
  /** The other end sees it close, and may end in peace. */
  close(): void;
  /** Ends the child at once. */
  kill(): void;
}

const STDERR_LINES = 20;

/** The last lines of a child's standard error, behind how it ended. */
function stderrOf(child: ChildProcess): () => string {
  const lines: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line !== ''));
    lines.splice(0, Math.max(0, lines.length - STDERR_LINES));
  });
  return () => (lines.length > 0 ? `: ${lines.join(' | ')}` : '');
}

function whenOver(child: ChildProcess, over: (how: string) => void, after: 'exit' | 'close'): void {
  child.once('error', (error) => over(`could not be started: ${error.message}`));
  child.once(after, (status, signal) =>
    over(signal === null ? `exited with status ${status}` : `was killed by ${signal}`),
  );
}

/** An agent on this host. */
export function forkChannel<Out, In>(entry: URL, listener: ChannelListener<In>): AgentChannel<Out> {
  const child = fork(entry, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: loadEnvironment(process.env),
  });
  const said = stderrOf(child);
  child.on('message', (message) => listener.onMessage(message as In));
  whenOver(child, (how) => listener.onEnd(`${how}${said()}`), 'exit');
  return {
    get pid() {
      return child.pid;
    },
    send(message) {
      // An agent that is gone has been reported by its exit already.
      if (child.connected) child.send(message as object, () => {});
    },
    close() {
      if (child.connected) child.disconnect();
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}

/** An agent at the other end of a command's standard streams. */
export function commandChannel<Out, In>(
  command: readonly string[],
  listener: ChannelListener<In>,
): AgentChannel<Out> {
  const [program = '', ...args] = command;
  // A group of its own: Ctrl-C is for the coordinator, and a kill reaches a shell's children.
  const child = spawn(program, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: loadEnvironment(process.env),
  });
  const said = stderrOf(child);
  const kill = (): void => {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just gone.
    }
  };
  let ended = false;
  const over = (how: string): void => {
    if (ended) return;
    ended = true;
    listener.onEnd(how);
  };
  whenOver(child, (how) => over(`${how}${said()}`), 'close');
  // Whoever has ended is reported by its exit.
  child.stdin.on('error', () => {});
  const writer = new FrameWriter(child.stdin);
  const reader = new FrameReader();
  const hello = new HelloReader();
  let greeted = false;
  const frames = (bytes: Uint8Array): void => {
    for (const message of reader.push(bytes)) listener.onMessage(message as In);
  };
  child.stdout.on('data', (bytes: Uint8Array) => {
    if (ended) return;
    try {
      if (greeted) {
        frames(bytes);
        return;
      }
      const read = hello.push(bytes);
      if (read === null) return;
      greeted = true;
      listener.onHello?.(read.hello);
      frames(read.rest);
    } catch (error) {
      over(error instanceof Error ? error.message : String(error));
      kill();
    }
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message, urgent) => writer.send(message, urgent),
    close: () => void child.stdin.end(),
    kill,
  };
}
