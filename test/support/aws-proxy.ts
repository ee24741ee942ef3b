import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** What a test wants done with a request before or instead of passing it on. */
export type Intervention = (
  action: string,
  parameters: URLSearchParams,
  pass: () => Promise<Answer>,
) => Promise<Answer | undefined>;

/** EC2's answer to a refused request, in its query protocol. */
export const refusal = (status: number, code: string): Answer => ({
  status,
  body: Buffer.from(
    `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${code} for the test</Message></Error></Errors><RequestID>1</RequestID></Response>`,
  ),
});

/**
 * Stands before moto and does what it does not: honours the ClientToken of RunInstances, as EC2 does. A test may step
 * in between.
 */
export class AwsProxy {
  readonly #target: string;
  readonly #server: Server;
  readonly #byToken = new Map<string, Answer>();
  intervene: Intervention = async () => undefined;
  /** Actions in the order in which they came. */
  readonly actions: string[] = [];

  constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      this.#handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const parameters = new URLSearchParams(body.toString());
    const action = parameters.get('Action') ?? '';
    this.actions.push(action);
    const pass = (): Promise<Answer> => this.#pass(incoming, body, parameters);
    const answer = (await this.intervene(action, parameters, pass)) ?? (await pass());
    outgoing.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
  }

  async #pass(incoming: IncomingMessage, body: Buffer, parameters: URLSearchParams): Promise<Answer> {
    const token = parameters.get('Action') === 'RunInstances' ? parameters.get('ClientToken') : null;
    const known = token === null ? undefined : this.#byToken.get(token);
    if (known !== undefined) return known;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const onward = request(
        new URL(incoming.url ?? '/', this.#target),
        { method: incoming.method, headers: incoming.headers },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 500, body: Buffer.concat(parts) }),
          );
        },
      );
      onward.on('error', reject).end(body);
    });
    if (token !== null && answer.status === 200) this.#byToken.set(token, answer);
    return answer;
  }
}
