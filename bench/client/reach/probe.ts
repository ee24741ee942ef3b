import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from './addresses.ts';

/** What was met at an address. */
export type Found =
  | { readonly kind: 'kafka' }
  | { readonly kind: 'unknown-host' | 'refused' | 'timeout' | 'unreachable'; readonly reason: string }
  /** It answered, and in another protocol than was asked for. */
  | { readonly kind: 'speaks-tls' | 'speaks-plain-text' | 'no-kafka' }
  | { readonly kind: 'certificate'; readonly code: string; readonly reason: string };

export interface TlsOptions {
  readonly ca: string | undefined;
  /** Whether the certificate has to be for the host's name. */
  readonly hostNames: boolean;
}

/** ApiVersions, version 0, with a correlation id of 1 and no client id: every broker since 0.10 answers it without a login. */
const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
const TLS_ALERT = 0x15;
const CORRELATION = 1;

const failed = (error: NodeJS.ErrnoException): Found => {
  const reason = error.message;
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return { kind: 'unknown-host', reason };
  return { kind: error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', reason };
};

/** Opens a plain connection and asks what any broker answers. */
export function probePlain({ host, port }: Address, timeoutMs: number): Promise<Found> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    // Whoever waits for the answer has an agent running; a look that nobody waits for any more holds nothing up.
    socket.unref();
    let connected = false;
    const end = (found: Found): void => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(timeoutMs, () =>
      // One that takes the connection and says nothing to a plain request may be waiting for a TLS hello.
      end(
        connected
          ? { kind: 'speaks-tls' }
          : { kind: 'timeout', reason: `no connection within ${timeoutMs / 1000} s` },
      ),
    );
    socket.once('error', (error) => end(connected ? { kind: 'speaks-tls' } : failed(error)));
    socket.once('connect', () => {
      connected = true;
      socket.write(API_VERSIONS);
    });
    socket.once('close', () => end({ kind: 'speaks-tls' }));
    socket.once('data', (data) => {
      if (data[0] === TLS_ALERT) end({ kind: 'speaks-tls' });
      else if (data.length >= 8 && data.readInt32BE(4) === CORRELATION) end({ kind: 'kafka' });
      else end({ kind: 'no-kafka' });
    });
  });
}

const CERTIFICATE_CODE = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT)/;

/** Shakes hands as a client would, and looks at the certificate. */
export function probeTls(
  { host, port }: Address,
  { ca, hostNames }: TlsOptions,
  timeoutMs: number,
): Promise<Found> {
  return new Promise((resolve) => {
    const socket = connectTls({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
      ...(hostNames ? {} : { checkServerIdentity: () => undefined }),
    });
    socket.unref();
    const end = (found: Found): void => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(timeoutMs, () =>
      end({ kind: 'timeout', reason: `no TLS handshake within ${timeoutMs / 1000} s` }),
    );
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      if (CERTIFICATE_CODE.test(code)) end({ kind: 'certificate', code, reason: error.message });
      else if (
        code.includes('WRONG_VERSION_NUMBER') ||
        /wrong version number|packet length too long/i.test(error.message)
      )
        end({ kind: 'speaks-plain-text' });
      // A broker drops what it reads as a request of 369 million bytes.
      else if (code === 'ECONNRESET') end({ kind: 'speaks-plain-text' });
      else end(failed(error));
    });
    socket.once('secureConnect', () => end({ kind: 'kafka' }));
  });
}
