import type { Socket } from 'node:net';
import { CHANNEL, framed, unframer } from './frames.ts';

/** The streams of a command in a pod, whatever carries them. */
export interface Streams {
  tell(channel: 1 | 2, bytes: Uint8Array): void;
  /** Nothing is told after it. */
  end(status: number): void;
  /** No bytes are the end of the input. */
  onInput: (bytes: Buffer) => void;
  onGone: () => void;
}

/** As the stand-in for `kubectl exec` has them. */
export function framedStreams(socket: Socket): Streams {
  const write = (channel: number, bytes: Uint8Array): void => {
    if (socket.writable) socket.write(framed(channel, bytes));
  };
  const streams: Streams = {
    tell: write,
    end(status) {
      write(CHANNEL.status, Buffer.from(String(status)));
      socket.end();
    },
    onInput() {},
    onGone() {},
  };
  socket.on('error', () => {});
  socket.on(
    'data',
    unframer((_, bytes) => streams.onInput(bytes)),
  );
  socket.on('close', () => streams.onGone());
  return streams;
}
