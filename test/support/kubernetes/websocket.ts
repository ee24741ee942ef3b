import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CHANNEL } from './frames.ts';
import type { Streams } from './streams.ts';

/** RFC 6455. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** Kubernetes' remote commands: the first byte of a message is its channel, and 255 closes the one that is named. */
const PROTOCOL = 'v5.channel.k8s.io';
const CLOSE_CHANNEL = 255;

function message(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head.writeUInt8(0x80 | opcode, 0);
  if (head.length === 2) head.writeUInt8(length, 1);
  else if (head.length === 4) {
    head.writeUInt8(126, 1);
    head.writeUInt16BE(length, 2);
  } else {
    head.writeUInt8(127, 1);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

/** A whole frame at the beginning of what was received, and how long it was; null while it is not whole. */
function frameOf(held: Buffer): { opcode: number; payload: Buffer; size: number } | null {
  if (held.length < 2) return null;
  const short = held.readUInt8(1) & 0x7f;
  const at = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (held.length < at + 4) return null;
  const length =
    short === 126 ? held.readUInt16BE(2) : short === 127 ? Number(held.readBigUInt64BE(2)) : short;
  const size = at + 4 + length;
  if (held.length < size) return null;
  const mask = held.subarray(at, at + 4);
  const payload = Buffer.from(held.subarray(at + 4, size));
  // By index, as payloads of many MiB come this way.
  for (let i = 0; i < length; i++) payload[i] = (payload[i] as number) ^ (mask[i & 3] as number);
  return { opcode: held.readUInt8(0) & 0x0f, payload, size };
}

const statusOf = (status: number): string =>
  JSON.stringify(
    status === 0
      ? { metadata: {}, status: 'Success' }
      : {
          metadata: {},
          status: 'Failure',
          reason: 'NonZeroExitCode',
          message: `command terminated with non-zero exit code: exit status ${status}`,
          details: { causes: [{ reason: 'ExitCode', message: String(status) }] },
        },
  );

/** The streams as a real kubectl of 1.31 or later speaks them. */
export function webSocketStreams(request: IncomingMessage, socket: Socket): Streams {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${PROTOCOL}\r\n\r\n`,
  );
  const write = (opcode: number, payload: Uint8Array): void => {
    if (socket.writable) socket.write(message(opcode, payload));
  };
  const send = (channel: number, bytes: Uint8Array): void =>
    write(OPCODE.binary, Buffer.concat([Buffer.from([channel]), bytes]));
  const streams: Streams = {
    tell: send,
    end(status) {
      send(CHANNEL.status, Buffer.from(statusOf(status)));
      write(OPCODE.close, Buffer.from([0x03, 0xe8]));
      socket.end();
    },
    onInput() {},
    onGone() {},
  };
  let held = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('close', () => streams.onGone());
  socket.on('data', (piece: Buffer) => {
    held = Buffer.concat([held, piece]);
    for (let frame = frameOf(held); frame !== null; frame = frameOf(held)) {
      held = held.subarray(frame.size);
      const { opcode, payload } = frame;
      if (opcode === OPCODE.ping) write(OPCODE.pong, payload);
      else if (opcode === OPCODE.close) socket.end();
      else if (payload.length > 0 && payload.readUInt8(0) === CLOSE_CHANNEL) streams.onInput(Buffer.alloc(0));
      else if (payload.length > 1) streams.onInput(payload.subarray(1));
    }
  });
  return streams;
}
