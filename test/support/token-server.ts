import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An OpenID token endpoint on loopback that knows one client, and grants unsigned tokens for a minute. */
export class TokenServer {
  readonly #server: Server;
  granted = 0;

  constructor(clientId: string, clientSecret: string) {
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    this.#server = createServer((request, response) => {
      request.resume();
      response.setHeader('content-type', 'application/json');
      if (request.headers.authorization !== expected) {
        response.writeHead(401).end(JSON.stringify({ error: 'invalid_client' }));
        return;
      }
      this.granted++;
      const nowSec = Math.floor(Date.now() / 1000);
      const claims = { sub: clientId, iat: nowSec, exp: nowSec + 60, scope: 'kafka' };
      const token = `${base64url({ alg: 'none' })}.${base64url(claims)}.`;
      response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 60 }));
    });
  }

  /** @returns the endpoint's address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/token`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
