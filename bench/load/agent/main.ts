import type { ToAgent } from './protocol.ts';
import { AgentService } from './serve.ts';

/** Entry of an agent on the coordinator's own host: forked, with the channel that comes with it. */

const service = new AgentService({
  send(message) {
    // Where the coordinator is gone there is nobody to tell, and 'disconnect' below ends this process.
    if (process.connected) process.send?.(message);
  },
  close() {
    process.disconnect?.();
    process.exit(0);
  },
});

process.on('message', (message: ToAgent) => service.receive(message));
// A coordinator that was killed leaves no orphans: the channel closes with it.
process.on('disconnect', () => {
  void service.abandon().finally(() => process.exit(0));
});
// Ctrl-C reaches the whole process group; the coordinator decides what to do about it.
process.on('SIGINT', () => {});
