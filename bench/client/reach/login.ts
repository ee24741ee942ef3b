import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Scalar } from '../../common/scalar.ts';
import type { Address } from './addresses.ts';

type Settings = Readonly<Record<string, Scalar>>;

/** What a broker said to a login; null where it let us in, or where this can't tell. */
export type LoginAnswer =
  | { readonly kind: 'mechanism'; readonly offered: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It hung up after the TLS handshake, as it does where it wants a certificate of the client. */
  | { readonly kind: 'hung-up'; readonly reason: string };

const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;
const NO_CLIENT_ID = Buffer.from([0xff, 0xff]);

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function bytes(value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(value.length);
  return Buffer.concat([length, value]);
}

/** One request at a time on a connection, each with its answer's body. */
class Conversation {
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

/** Asks SaslHandshake (KIP-43): the mechanisms that are offered instead, or null where ours is. */
async function handshake(talk: Conversation, mechanism: string): Promise<string[] | null> {
  const body = await talk.ask(SASL_HANDSHAKE, 1, text(mechanism));
  if (body.readInt16BE(0) === 0) return null;
  const count = body.readInt32BE(2);
  const offered: string[] = [];
  for (let i = 0, at = 6; i < count && at + 2 <= body.length; i++) {
    const length = body.readInt16BE(at);
    offered.push(body.toString('utf8', at + 2, at + 2 + length));
    at += 2 + length;
  }
  return offered;
}

/** One step of SaslAuthenticate (KIP-152): the broker's reason, or its bytes. */
async function step(talk: Conversation, token: Buffer): Promise<{ reason: string } | { token: Buffer }> {
  const body = await talk.ask(SASL_AUTHENTICATE, 0, bytes(token));
  const code = body.readInt16BE(0);
  const length = body.readInt16BE(2);
  const at = 4 + Math.max(0, length);
  if (code !== 0) return { reason: length > 0 ? body.toString('utf8', 4, at) : `error ${code}` };
  return { token: body.subarray(at + 4, at + 4 + Math.max(0, body.readInt32BE(at))) };
}

const saslName = (name: string): string => name.replaceAll('=', '=3D').replaceAll(',', '=2C');

/** SCRAM's two messages (RFC 5802, without channel binding). */
async function scram(talk: Conversation, hash: 'sha256' | 'sha512', user: string, password: string) {
  const nonce = randomBytes(18).toString('base64');
  const first = `n=${saslName(user)},r=${nonce}`;
  const answer = await step(talk, Buffer.from(`n,,${first}`));
  if ('reason' in answer) return answer.reason;
  const server = answer.token.toString('utf8');
  const field = (key: string): string => new RegExp(`(?:^|,)${key}=([^,]*)`).exec(server)?.[1] ?? '';
  const length = hash === 'sha256' ? 32 : 64;
  const salted = pbkdf2Sync(
    password,
    Buffer.from(field('s'), 'base64'),
    Math.max(1, Number(field('i'))),
    length,
    hash,
  );
  const clientKey = createHmac(hash, salted).update('Client Key').digest();
  const stored = createHash(hash).update(clientKey).digest();
  const withoutProof = `c=biws,r=${field('r')}`;
  const signature = createHmac(hash, stored).update(`${first},${server},${withoutProof}`).digest();
  const proof = clientKey.map((byte, i) => byte ^ (signature[i] ?? 0));
  const last = await step(talk, Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`));
  return 'reason' in last ? last.reason : null;
}

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
  const passphrase = settings['ssl.key.password'];
  const socket = connectTls({
    host,
    port,
    // Whom the certificate is for was looked at before; here it is about the login.
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(cert === undefined || key === undefined
      ? {}
      : { cert: cert as Buffer | string, key: key as Buffer | string }),
    ...(passphrase === undefined ? {} : { passphrase: String(passphrase) }),
  });
  return { socket, ready: 'secureConnect' };
}

/** Tries the login that the settings ask for, as a client would. Null where nothing is wrong, or it can't be told. */
export async function tryLogin(
  address: Address,
  settings: Settings,
  timeoutMs: number,
): Promise<LoginAnswer | null> {
  const mechanism = String(settings['sasl.mechanism'] ?? '');
  if (!String(settings['security.protocol'] ?? '').startsWith('sasl')) return null;
  const { socket, ready } = open(address, settings);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(ready, () => resolve());
      socket.once('error', reject);
      socket.setTimeout(timeoutMs, () => reject(new Error('no connection')));
    });
    const talk = new Conversation(socket, timeoutMs);
    const offered = await handshake(talk, mechanism);
    if (offered !== null) return { kind: 'mechanism', offered };
    const [user, password] = [
      String(settings['sasl.username'] ?? ''),
      String(settings['sasl.password'] ?? ''),
    ];
    let reason: string | null = null;
    if (mechanism === 'PLAIN') {
      const answer = await step(talk, Buffer.from(`\0${user}\0${password}`));
      reason = 'reason' in answer ? answer.reason : null;
    } else if (mechanism.startsWith('SCRAM-')) {
      reason = await scram(talk, mechanism.endsWith('256') ? 'sha256' : 'sha512', user, password);
    }
    return reason === null ? null : { kind: 'refused', reason };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return /certificate|alert|closed the connection|ECONNRESET/i.test(reason)
      ? { kind: 'hung-up', reason }
      : null;
  } finally {
    socket.destroy();
  }
}
