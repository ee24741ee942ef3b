import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Address } from './addresses.ts';
import { bytes, type Conversation, converse, type Settings, text } from './conversation.ts';

/** What a broker said to a login; null where it let us in, or where this cannot tell. */
export type LoginAnswer =
  | { readonly kind: 'mechanism'; readonly offered: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It hung up after the TLS handshake, as it does where it wants a certificate of the client. */
  | { readonly kind: 'hung-up'; readonly reason: string };

const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;

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

/** Logs in as the settings ask for; what the broker said against it. */
async function login(talk: Conversation, settings: Settings): Promise<LoginAnswer | null> {
  const mechanism = String(settings['sasl.mechanism'] ?? '');
  const offered = await handshake(talk, mechanism);
  if (offered !== null) return { kind: 'mechanism', offered };
  const [user, password] = [String(settings['sasl.username'] ?? ''), String(settings['sasl.password'] ?? '')];
  let reason: string | null = null;
  if (mechanism === 'PLAIN') {
    const answer = await step(talk, Buffer.from(`\0${user}\0${password}`));
    reason = 'reason' in answer ? answer.reason : null;
  } else if (mechanism.startsWith('SCRAM-')) {
    reason = await scram(talk, mechanism.endsWith('256') ? 'sha256' : 'sha512', user, password);
  }
  return reason === null ? null : { kind: 'refused', reason };
}

const wantsLogin = (settings: Settings): boolean =>
  String(settings['security.protocol'] ?? '').startsWith('sasl');

/** Tries the login that the settings ask for, as a client would. Null where nothing is wrong, or it cannot be told. */
export async function tryLogin(
  address: Address,
  settings: Settings,
  timeoutMs: number,
): Promise<LoginAnswer | null> {
  if (!wantsLogin(settings)) return null;
  try {
    return await converse(address, settings, timeoutMs, (talk) => login(talk, settings));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return /certificate|alert|closed the connection|ECONNRESET/i.test(reason)
      ? { kind: 'hung-up', reason }
      : null;
  }
}

const METADATA = 3;
/** Version 1, and no topic: the brokers alone. */
const NO_TOPICS = Buffer.alloc(4);

/** Where the brokers say that they are; none where this cannot log in or is not answered. */
export async function askAdvertised(
  address: Address,
  settings: Settings,
  timeoutMs: number,
): Promise<readonly (Address & { readonly id: number })[]> {
  try {
    return await converse(address, settings, timeoutMs, async (talk) => {
      if (wantsLogin(settings) && (await login(talk, settings)) !== null) return [];
      const body = await talk.ask(METADATA, 1, NO_TOPICS);
      const brokers: (Address & { id: number })[] = [];
      let at = 4;
      for (let left = body.readInt32BE(0); left > 0; left--) {
        const id = body.readInt32BE(at);
        const hostLength = body.readInt16BE(at + 4);
        const host = body.toString('utf8', at + 6, at + 6 + hostLength);
        const port = body.readInt32BE(at + 6 + hostLength);
        brokers.push({ id, host, port });
        at += 10 + hostLength;
        at += 2 + Math.max(0, body.readInt16BE(at));
      }
      return brokers;
    });
  } catch {
    return [];
  }
}
