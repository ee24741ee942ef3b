import { type ChildProcess, execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cliFile, packageRoot } from '../../../bench/common/package-root.ts';
import { TAG } from '../../../infra/ec2/tags.ts';
import { AwsProxy } from '../../support/aws-proxy.ts';
import { Moto } from '../../support/moto.ts';
import { relay } from '../../support/relay.ts';
import { until } from '../../support/until.ts';
import { type Hosts, STATE } from './hosts.ts';

const run = promisify(execFile);
const CLI = cliFile();
const PORT = 5000;
const LIMIT_MS = 900_000;
/** The user that Amazon's image has. */
const USER = 'ec2-user';

const RELAY = `require('node:net').createServer((one) => {
  const other = require('node:net').connect(process.argv[1]);
  one.on('error', () => other.destroy()).pipe(other);
  other.on('error', () => one.destroy()).pipe(one);
}).listen(${PORT}, '127.0.0.1', () => console.log('ready'));`;

export interface Told {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * EC2 as moto plays it, with these hosts as its instances: it is asked from inside the hosts' network, and where it tells
 * the address of an instance it tells that of the booted host of its name.
 */
export class Aws {
  readonly #hosts: Hosts;
  readonly #moto = new Moto();
  #proxy: AwsProxy | undefined;
  #socket: Server | undefined;
  #relay: ChildProcess | undefined;

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
  }

  async start(): Promise<void> {
    await this.#moto.start();
    const proxy = new AwsProxy(this.#moto.url);
    this.#proxy = proxy;
    proxy.intervene = async (action, _, pass) => {
      if (action !== 'DescribeInstances') return undefined;
      const { status, body } = await pass();
      return { status, body: Buffer.from(this.#withAddresses(body.toString())) };
    };
    const { port } = new URL(await proxy.listen());
    const file = join(this.#hosts.folder, 'aws.sock');
    // A socket in the file system is the same in every network namespace.
    const socket = createServer((one) => relay(one, Number(port)));
    this.#socket = socket;
    await new Promise<void>((resolve) => socket.listen(file, resolve));
    const carrier = this.#hosts.spawn(process.execPath, '-e', RELAY, file);
    this.#relay = carrier;
    let said = '';
    carrier.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await until('the way to moto is open', () => said.includes('ready'));
  }

  async stop(): Promise<void> {
    this.#relay?.kill();
    this.#socket?.close();
    await this.#proxy?.close();
    await this.#moto.stop();
  }

  #withAddresses(xml: string): string {
    // Each was launched by itself, and is the only one of its reservation.
    return xml
      .split(/(?<=<\/instancesSet>)/)
      .map((instance) => {
        const [, name = ''] = new RegExp(`<key>${TAG.host}</key>\\s*<value>([^<]+)<`).exec(instance) ?? [];
        if (!this.#hosts.names.includes(name)) return instance;
        const address = this.#hosts.addressOf(name);
        return instance.replaceAll(/<(privateIpAddress|ipAddress)>[^<]*</g, `<$1>${address}<`);
      })
      .join('');
  }

  /** The shipped cluster, of these hosts: without volumes, with heaps that several have room for here. */
  spec(): string {
    const vars = {
      ansible_python_interpreter: '/usr/bin/python3',
      kafka_heap_mb: 512,
      load_install_packages: false,
    };
    const changes: readonly (readonly [RegExp, string])[] = [
      [/hosts: kafka$/m, 'hosts: peter-kafka'],
      [/hosts: load,/, 'hosts: peter-load,'],
      [/^ +dataVolume: .*\n/m, ''],
      [/^domain: .*$/m, `domain: foo.bar\nssh: { publicKey: ${STATE}/key.pub, privateKey: ${STATE}/key }`],
      [/externalListener: true/, `externalListener: true, vars: ${JSON.stringify(vars)}`],
    ];
    const shipped = join(packageRoot(), 'infra', 'clusters', 'kraft-m7g.yaml');
    const text = changes.reduce(
      (one, [from, to]) => {
        if (!from.test(one)) throw new Error(`${shipped} has nothing like ${from}`);
        return one.replace(from, to);
      },
      readFileSync(shipped, 'utf8'),
    );
    const file = join(this.#hosts.folder, 'mine.yaml');
    writeFileSync(file, text);
    return file;
  }

  /** A command line of ksweep on the operator's machine. */
  async ksweep(...words: string[]): Promise<Told> {
    const env = {
      ...process.env,
      PATH: `${this.#hosts.bin}:${process.env['PATH'] ?? ''}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${PORT}`,
      KSWEEP_EC2_STATE: join(this.#hosts.folder, 'ec2'),
    };
    const options = { env, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 };
    const [program, ...args] = this.#hosts.inside(process.execPath, CLI, ...words);
    return run(program ?? '', args, options).then(
      ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
      ({ code, stdout = '', stderr = '' }: { code?: unknown; stdout?: string; stderr?: string }) => ({
        status: typeof code === 'number' ? code : null,
        stdout,
        stderr,
      }),
    );
  }

  /** What an instance of Amazon Linux has from the start: a user that may do all by sudo, and the operator's key. */
  async addUsers(): Promise<void> {
    const script = [
      `useradd --create-home --shell /bin/bash --password '*' ${USER}`,
      `install -d -m 700 -o ${USER} -g ${USER} /home/${USER}/.ssh`,
      `install -m 600 -o ${USER} -g ${USER} /root/.ssh/authorized_keys /home/${USER}/.ssh/`,
      `echo '${USER} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${USER}`,
    ].join(' && ');
    await Promise.all(this.#hosts.names.map((name) => this.#hosts.ssh(name, script)));
  }
}
