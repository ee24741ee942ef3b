import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Scalar } from '../../common/scalar.ts';
import type { Address } from './addresses.ts';

export type Settings = Readonly<Record<string, Scalar>>;

const NO_CLIENT_ID = Buffer.from([0xff, 0xff]);

/** A string as Kafka's protocol writes it. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export function bytes(value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(value.length);
  return Buffer.concat([length, value]);
}

/** One request at a time on a connection, each with its answer's body. */
export class Conversation {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #waiting: { resolve: (body: Buffer) => void; reject: (error: Error) => void } | undefined;
  #correlation = 0;

  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    socket.setTimeout(timeoutMs, () => this.#fail(new Error(`no answer within ${timeoutMs / 1000} s`)));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the broker closed the connection')));
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      if (this.#received.length < 4) return;
      const length = this.#received.readInt32BE(0);
      if (this.#received.length < 4 + length) return;
      const body = this.#received.subarray(8, 4 + length);
      this.#received = this.#received.subarray(4 + length);
      this.#waiting?.resolve(body);
      this.#waiting = undefined;
    });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  ask(api: number, version: number, body: Buffer): Promise<Buffer> {
    const header = Buffer.alloc(8);
    header.writeInt16BE(api, 0);
    header.writeInt16BE(version, 2);
    header.writeInt32BE(++this.#correlation, 4);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(bytes(Buffer.concat([header, NO_CLIENT_ID, body])));
    });
  }
}

/** Opens a connection as the settings ask for; `ready` is the event that says it stands. */
function open({ host, port }: Address, settings: Settings): { socket: Socket; ready: string } {
  if (!/ssl$/i.test(String(settings['security.protocol'])))
    return { socket: connect({ host, port }), ready: 'connect' };
  const file = (key: string): Buffer | undefined => {
    const path = settings[key];
    return path === undefined ? undefined : readFileSync(String(path));
  };
  const [cert, key] = [
    settings['ssl.certificate.pem'] ?? file('ssl.certificate.location'),
    settings['ssl.key.pem'] ?? file('ssl.key.location'),
  ];
  const pfx = file('ssl.keystore.location');
  const passphrase = settings[pfx === undefined ? 'ssl.key.password' : 'ssl.keystore.password'];
  const socket = connectTls({
    host,
    port,
    // Whom the certificate is for was looked at before; here it is about the login.
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(cert === undefined || key === undefined
      ? {}
      : { cert: cert as Buffer | string, key: key as Buffer | string }),
    ...(pfx === undefined ? {} : { pfx }),
    ...(passphrase === undefined ? {} : { passphrase: String(passphrase) }),
  });
  return { socket, ready: 'secureConnect' };
}

/** Opens a connection, talks over it and closes it. Throws where there is none within the limit. */
export async function converse<T>(
  address: Address,
  settings: Settings,
  timeoutMs: number,
  talkOver: (talk: Conversation) => Promise<T>,
): Promise<T> {
  const { socket, ready } = open(address, settings);
  socket.unref();
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(ready, () => resolve());
      socket.once('error', reject);
      socket.setTimeout(timeoutMs, () => reject(new Error('no connection')));
    });
    return await talkOver(new Conversation(socket, timeoutMs));
  } finally {
    socket.destroy();
  }
}
