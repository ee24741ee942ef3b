import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ClusterState, JobObject, PodObject } from './cluster.ts';
import { framedStreams } from './streams.ts';
import { webSocketStreams } from './websocket.ts';

const GROUP = 'batch';
const CORE = [
  ['pods', 'Pod', true],
  ['events', 'Event', true],
  ['namespaces', 'Namespace', false],
  ['nodes', 'Node', false],
] as const;
const VERBS = ['create', 'delete', 'get', 'list'];

const resources = (groupVersion: string, all: readonly (readonly [string, string, boolean])[]) => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion,
  resources: all.map(([name, kind, namespaced]) => ({
    name,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: VERBS,
  })),
});

const version = { groupVersion: `${GROUP}/v1`, version: 'v1' };
/** What kubectl learns of a server before it asks for anything. */
const DISCOVERY: Readonly<Record<string, unknown>> = {
  '/version': { major: '1', minor: '33', gitVersion: 'v1.33.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [{ name: GROUP, versions: [version], preferredVersion: version }],
  },
  '/api/v1': resources('v1', CORE),
  '/apis/batch/v1': resources('batch/v1', [['jobs', 'Job', true]]),
};

const status = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: code < 400 ? 'Success' : 'Failure',
  message,
  reason,
  code,
});

interface Answer {
  readonly code: number;
  readonly body: unknown;
}
const ok = (body: unknown, code = 200): Answer => ({ code, body });
const refused = (code: number, reason: string, message: string): Answer => ({
  code,
  body: status(code, reason, message),
});

const listOf = (kind: string, items: readonly unknown[]): Answer =>
  ok({ kind: `${kind}List`, apiVersion: kind === 'Job' ? 'batch/v1' : 'v1', metadata: {}, items });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** The part of Kubernetes' API that an Indexed Job needs, for a real kubectl. */
export class ApiDouble {
  /** Rights that the user lacks, such as "list nodes". */
  readonly forbidden = new Set<string>();
  /** What was asked, such as "create jobs". */
  readonly asked: string[] = [];
  readonly #state: ClusterState;
  readonly #namespaces: ReadonlySet<string>;
  readonly #server: Server;

  constructor(state: ClusterState, namespaces: ReadonlySet<string>) {
    this.#state = state;
    this.#namespaces = namespaces;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket) => this.#exec(request, socket));
  }

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { code, body: told } = this.#answer(request, body);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(told));
  }

  #answer(request: IncomingMessage, body: string): Answer {
    const url = new URL(request.url ?? '/', 'http://double');
    const known = DISCOVERY[url.pathname];
    if (known !== undefined) return ok(known);
    // What kubectl looks at to say why something is not found; it goes without, too.
    const asked = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(url.pathname)?.[1];
    if (asked !== undefined && this.#namespaces.has(asked)) {
      return ok({ kind: 'Namespace', apiVersion: 'v1', metadata: { name: asked } });
    }
    const path =
      /^\/(?:api\/v1|apis\/batch\/v1)(?:\/namespaces\/([^/]+))?\/(pods|jobs|events|nodes)(?:\/([^/]+))?$/.exec(
        url.pathname,
      );
    if (path === null) return refused(404, 'NotFound', `no ${url.pathname} here`);
    const [, namespace = '', resource = '', name] = path;
    const verb = verbOf(request.method ?? 'GET', name);
    this.asked.push(`${verb} ${resource}`);
    if (this.forbidden.has(`${verb} ${resource}`)) {
      const what = `${resource}${name === undefined ? '' : ` "${name}"`}`;
      const message = `${what} is forbidden: User "tester" cannot ${verb} resource "${resource}" in the namespace "${namespace}"`;
      return refused(403, 'Forbidden', message);
    }
    if (namespace !== '' && verb === 'create' && !this.#namespaces.has(namespace)) {
      return refused(404, 'NotFound', `namespaces "${namespace}" not found`);
    }
    return this.#handle(verb, resource, namespace, name, url, body);
  }

  #handle(
    verb: string,
    resource: string,
    namespace: string,
    name: string | undefined,
    url: URL,
    body: string,
  ): Answer {
    const state = this.#state;
    const missing = refused(404, 'NotFound', `${resource} "${name}" not found`);
    if (resource === 'events') return listOf('Event', state.events);
    if (resource === 'nodes') {
      return listOf(
        'Node',
        state.nodes
          .filter(({ zone }) => zone !== null)
          .map((node) => ({
            apiVersion: 'v1',
            kind: 'Node',
            metadata: { name: node.name, labels: { 'topology.kubernetes.io/zone': node.zone } },
          })),
      );
    }
    if (resource === 'jobs') {
      if (verb === 'create') {
        const job = JSON.parse(body) as JobObject;
        job.metadata.namespace = namespace;
        state.makeJob(job);
        return ok(job, 201);
      }
      const job = state.jobs.get(name ?? '');
      if (name === undefined) return listOf('Job', [...state.jobs.values()]);
      if (job === undefined) return missing;
      if (verb === 'get') return ok(job);
      const { propagationPolicy } = JSON.parse(body || '{}') as { propagationPolicy?: string };
      if (propagationPolicy === 'Orphan') state.jobs.delete(name);
      else state.removeJob(name);
      return ok(status(200, '', ''));
    }
    const own = state.pods.filter(({ metadata }) => metadata.namespace === namespace);
    if (name === undefined) return listOf('Pod', own.filter(selected(url.searchParams.get('labelSelector'))));
    const pod = own.find(({ metadata }) => metadata.name === name);
    if (pod === undefined) return missing;
    if (verb === 'delete') state.removePod(name);
    return ok(pod);
  }

  /** As an upgrade: what follows are frames of the streams. */
  #exec(request: IncomingMessage, socket: Socket): void {
    const url = new URL(request.url ?? '/', 'http://double');
    const name = /\/pods\/([^/]+)\/exec$/.exec(url.pathname)?.[1] ?? '';
    const real = request.headers.upgrade?.toLowerCase() === 'websocket';
    this.asked.push(`${real ? 'get' : 'create'} pods/exec`);
    socket.on('error', () => {});
    if (!this.#state.isRunning(name)) {
      socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      return;
    }
    if (!real) {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: double\r\nconnection: upgrade\r\n\r\n');
    }
    const streams = real ? webSocketStreams(request, socket) : framedStreams(socket);
    this.#state.exec(name, url.searchParams.getAll('command'), streams);
  }
}

function verbOf(method: string, name: string | undefined): string {
  if (method === 'POST') return 'create';
  if (method === 'DELETE') return 'delete';
  return name === undefined ? 'list' : 'get';
}

/** Labels that all have to be there: "a=b,c=d". */
function selected(selector: string | null): (pod: PodObject) => boolean {
  const wanted = (selector ?? '').split(',').flatMap((one) => {
    const [key, value] = one.split('=');
    return value === undefined ? [] : [[key ?? '', value] as const];
  });
  return ({ metadata }) => wanted.every(([key, value]) => metadata.labels[key] === value);
}
