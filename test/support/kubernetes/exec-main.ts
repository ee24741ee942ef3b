import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { parse } from 'yaml';
import { CHANNEL, framed, unframer } from './frames.ts';

/**
 * `kubectl exec [--namespace NS] -i POD -c CONTAINER -- COMMAND…` against the API double, with kubectl's contract: streams
 * byte for byte, the end of its input goes there, it exits with the command's status, says so on the standard error where
 * that is not 0, and where it is killed itself the command's input closes.
 */

interface Config {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  readonly contexts: readonly [{ readonly context: { readonly namespace?: string } }];
}

const words = process.argv.slice(2);
const split = words.indexOf('--');
const [options, command] = [words.slice(1, split), words.slice(split + 1)];

function take(...names: readonly string[]): string | undefined {
  const at = options.findIndex((word) => names.includes(word));
  return at === -1 ? undefined : options.splice(at, 2)[1];
}

function fail(message: string, status = 1): never {
  process.stderr.write(`${message}\n`);
  process.exit(status);
}

const config = parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as Config;
const namespace = take('-n', '--namespace') ?? config.contexts[0].context.namespace ?? 'default';
const container = take('-c', '--container');
const interactive = options.indexOf('-i');
if (interactive !== -1) options.splice(interactive, 1);
const [pod, ...rest] = options;
if (split === -1 || pod === undefined || rest.length > 0)
  fail(`error: unknown arguments: ${words.join(' ')}`);

const query = new URLSearchParams(container === undefined ? {} : { container });
for (const word of command) query.append('command', word);
const path = `/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`;
const asked = request(`${config.clusters[0].cluster.server}${path}`, {
  headers: { connection: 'upgrade', upgrade: 'double' },
});
asked.on('error', (error) => fail(`Unable to connect to the server: ${error.message}`));
asked.on('response', () => fail(`Error from server (NotFound): pods "${pod}" not found`));
asked.on('upgrade', (_response, socket, head) => {
  let status: number | undefined;
  const onBytes = unframer((channel, bytes) => {
    if (channel === CHANNEL.stdout) process.stdout.write(bytes);
    else if (channel === CHANNEL.stderr) process.stderr.write(bytes);
    else status = Number(bytes.toString());
  });
  onBytes(head);
  socket.on('data', onBytes);
  socket.on('error', () => {});
  socket.on('close', () => {
    if (status === undefined) fail('error: the connection to the pod was lost');
    if (status !== 0) fail(`command terminated with exit code ${status}`, status);
    process.exit(0);
  });
  if (interactive === -1) return;
  process.stdin.on('data', (bytes: Buffer) => socket.write(framed(CHANNEL.stdin, bytes)));
  process.stdin.on('end', () => socket.write(framed(CHANNEL.stdin, Buffer.alloc(0))));
});
asked.end();
