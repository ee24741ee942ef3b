import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { ApiDouble } from './api.ts';
import { ClusterState } from './cluster.ts';
import { realKubectl } from './real-kubectl.ts';

const run = promisify(execFile);

/** The image that the nodes of the double have: this checkout. */
export const IMAGE = 'ksweep:test';
const NAMESPACE = 'bench';

/** The first kubectl whose exec is a WebSocket unless told otherwise; older ones speak SPDY, which the double does not. */
const WEBSOCKET_SINCE = 31;

function execsByWebSocket(kubectl: string): boolean {
  const { stdout } = spawnSync(kubectl, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  const { clientVersion } = JSON.parse(stdout) as { readonly clientVersion: { readonly minor: string } };
  return Number.parseInt(clientVersion.minor, 10) >= WEBSOCKET_SINCE;
}

/**
 * A Kubernetes on this machine for a real kubectl: Jobs and pods in memory, each pod processes of this checkout. Where
 * kubectl is too old to exec by a WebSocket, a stand-in does that.
 */
export class KubernetesDouble {
  readonly state = new ClusterState(
    [
      { name: 'node-a', zone: 'zone-1' },
      { name: 'node-b', zone: 'zone-2' },
      { name: 'node-c', zone: null },
    ],
    new Set([IMAGE]),
  );
  readonly api = new ApiDouble(this.state, new Set([NAMESPACE]));
  readonly #folder = mkdtempSync(join(tmpdir(), 'ksweep-kubernetes-'));
  /** For whoever is to reach it by kubectl. */
  env: NodeJS.ProcessEnv = {};
  /** The same with the stand-in for `kubectl exec`. */
  standIn: NodeJS.ProcessEnv = {};
  execIsReal = false;

  /** @returns why there is no kubectl to test with; null where it has started */
  async start(): Promise<string | null> {
    const kubectl = realKubectl();
    if ('reason' in kubectl) return kubectl.reason;
    const server = await this.api.start();
    const config = join(this.#folder, 'config');
    // kubectl reads JSON, too.
    writeFileSync(
      config,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'double',
        clusters: [{ name: 'double', cluster: { server } }],
        users: [{ name: 'tester', user: {} }],
        contexts: [{ name: 'double', context: { cluster: 'double', user: 'tester', namespace: NAMESPACE } }],
      }),
    );
    const exec = join(packageRoot(), 'dist', 'test', 'support', 'kubernetes', 'exec-main.js');
    const wrapper = join(this.#folder, 'kubectl');
    writeFileSync(
      wrapper,
      `#!/bin/sh\nif [ "$1" = exec ]; then exec "${process.execPath}" "${exec}" "$@"; fi\nexec "${kubectl.path}" "$@"\n`,
    );
    chmodSync(wrapper, 0o755);
    const own = { ...process.env, KUBECONFIG: config, HOME: this.#folder };
    this.standIn = { ...own, PATH: `${this.#folder}${delimiter}${process.env['PATH'] ?? ''}` };
    this.execIsReal = execsByWebSocket(kubectl.path);
    this.env = this.execIsReal ? own : this.standIn;
    return null;
  }

  stop(): void {
    this.state.stop();
    this.api.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs kubectl and gives what it printed. */
  async kubectl(...words: readonly string[]): Promise<string> {
    return (await run('kubectl', words, { env: this.env })).stdout;
  }
}
