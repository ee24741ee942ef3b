import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../bench/common/package-root.ts';
import { isPortOpen } from '../../bench/load/agent/port-open.ts';
import { freePorts, LOOPBACK } from '../../infra/local/ports.ts';
import { pythonTools } from '../../infra/python.ts';

const START_LIMIT_MS = 60_000;

/** moto’s server: AWS as far as it emulates it, on loopback. */
export class Moto {
  #child: ChildProcess | undefined;
  url = '';

  async start(): Promise<void> {
    const bin = await pythonTools(join(packageRoot(), 'test', 'infra', 'moto', 'requirements.txt'));
    const [port = 0] = await freePorts(1);
    const child = spawn(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
    });
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await isPortOpen({ host: LOOPBACK, port }))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error('moto_server does not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}
