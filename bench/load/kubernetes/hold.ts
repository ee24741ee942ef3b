import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';

/**
 * A pod lives as long as its first process, and agents come and go beside it. So that process holds the pod for them, and
 * each agent holds a connection to it, which its end closes, whatever ended it.
 */

/** The environment's variable with the path of the socket that agents hold. */
export const HOLD_SOCKET = 'KSWEEP_HOLD';

const CONNECT_LIMIT_MS = 5_000;
const CONNECT_EVERY_MS = 100;

/**
 * Resolves where no agent has been there for `idleMs`, or none at all for `firstMs`. Rejects where the socket cannot be
 * had.
 */
export function holdPod(
  path: string,
  limits: { readonly idleMs: number; readonly firstMs: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer();
    let agents = 0;
    let timer = setTimeout(over, limits.firstMs);
    function over(): void {
      server.close();
      resolve();
    }
    server.on('connection', (socket) => {
      agents++;
      clearTimeout(timer);
      socket.on('error', () => {});
      socket.resume().once('close', () => {
        agents--;
        if (agents === 0) timer = setTimeout(over, limits.idleMs);
      });
    });
    server.once('error', reject);
    // Of a container that was there before in the same pod.
    rmSync(path, { force: true });
    server.listen(path);
  });
}

/**
 * Holds the pod that this agent is in, until it ends.
 * @param onTried it is held, or its first process is still starting
 * @param onRefused where nobody holds it: it would end in the middle of a measurement
 */
export function stayHeld(path: string, onTried: () => void, onRefused: (why: string) => void): void {
  const since = performance.now();
  let tried = false;
  const told = (): void => {
    if (!tried) onTried();
    tried = true;
  };
  const tryOnce = (): void => {
    const socket = connect(path);
    socket.once('error', (error) => {
      told();
      // The pod's first process may still be starting.
      if (performance.now() - since < CONNECT_LIMIT_MS) setTimeout(tryOnce, CONNECT_EVERY_MS);
      else onRefused(`nobody holds this pod: ${error.message}`);
    });
    socket.once('connect', () => {
      socket.removeAllListeners('error').on('error', () => {});
      told();
    });
  };
  tryOnce();
}
