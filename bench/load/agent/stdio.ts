import { Socket } from 'node:net';
import { HOLD_SOCKET, stayHeld } from '../kubernetes/hold.ts';
import { FrameReader, FrameWriter } from './frames.ts';
import { helloLine, ownHello } from './hello.ts';
import type { ToAgent } from './protocol.ts';
import { AgentService } from './serve.ts';
import { Silence } from './silence.ts';

/** From the coordinator's going until this process has, whatever its clients do: found in 4.5 s, gone within 5. */
const ABANDON_LIMIT_MS = 400;

/**
 * Serves a coordinator on the standard streams, and nothing else is on the standard output. Ends the process: with status 0
 * where the channel closed or fell silent, with 2 where what came is none of ksweep's.
 */
export function serveStdio(): void {
  // Sockets, because a write to process.stdout waits until somebody reads, and nothing else would run meanwhile.
  const input = new Socket({ fd: 0, readable: true, writable: false });
  const output = new Socket({ fd: 1, readable: false, writable: true });
  // Whatever prints is heard of at the other end, and spoils no frame.
  Object.defineProperty(process, 'stdout', { value: process.stderr });

  const writer = new FrameWriter(output);
  const service = new AgentService({
    send: (message, urgent) => writer.send(message, urgent),
    close: () => void output.end(() => process.exit(0)),
  });
  let leaving = false;
  const leave = (why: string | null): void => {
    if (leaving) return;
    leaving = true;
    const status = why === null ? 0 : 2;
    if (why !== null) process.stderr.write(`ksweep agent: ${why}\n`);
    // An orderly end waits for every thread, and one whose client does not come to its end would keep all of them.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ABANDON_LIMIT_MS);
    void service.abandon().finally(() => process.exit(status));
  };
  const silence = new Silence(() => leave(null));
  const reader = new FrameReader();
  input.on('data', (bytes: Uint8Array) => {
    silence.heard();
    try {
      for (const message of reader.push(bytes)) service.receive(message as ToAgent);
    } catch (error) {
      leave(error instanceof Error ? error.message : String(error));
    }
  });
  for (const stream of [input, output]) {
    stream.on('error', () => leave(null));
    stream.on('close', () => leave(null));
  }
  input.on('end', () => leave(null));
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => leave(null));
  const greet = (): void => void output.write(helloLine(ownHello()));
  const holder = process.env[HOLD_SOCKET];
  // Heard of before it holds its pod, it could be killed before that, and the pod would wait for its first agent.
  if (holder === undefined) greet();
  else stayHeld(holder, greet, leave);
}
