import { connect, type Socket } from 'node:net';

/** Carries a connection on to a port, in both directions, until either side ends. */
export function relay(one: Socket, port: number, host = '127.0.0.1'): void {
  const other = connect(port, host);
  one.on('error', () => other.destroy()).pipe(other);
  other.on('error', () => one.destroy()).pipe(one);
}
