import { isIP } from 'node:net';
import { KsweepError } from '../../common/errors.ts';

/** Where a broker is said to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export const addressText = ({ host, port }: Address): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;

/** Reads bootstrap.servers, host:port separated by commas. Throws usage for what is no such list, before anything is tried. */
export function parseAddresses(text: string): Address[] {
  const refuse = (why: string): never => {
    throw new KsweepError('usage', `bootstrap.servers "${text}": ${why}`, {
      hint: 'expected host:port, several of them separated by commas, such as kafka-1:9092,kafka-2:9092',
    });
  };
  if (text.trim() === '') refuse('it is empty');
  return text.split(',').map((one) => {
    const given = one.trim();
    if (given === '') refuse('an address between commas is empty');
    const scheme = /^([a-z][a-z0-9_+.-]*):\/\//i.exec(given)?.[1];
    if (scheme !== undefined && !/^(plaintext|ssl|sasl_plaintext|sasl_ssl)$/i.test(scheme)) {
      refuse(`Kafka has addresses and no URLs: leave out ${scheme}://`);
    }
    const bare = scheme === undefined ? given : given.slice(scheme.length + 3);
    const parts = /^(?:\[([0-9a-f:.%]+)\]|([^\s:/[\]]+))(?::(.*))?$/i.exec(bare);
    if (parts === null) return refuse(`"${given}" is not a host and port`);
    const [, six, name, port] = parts;
    if (port === undefined || port === '') return refuse(`"${given}" has no port`);
    if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
      return refuse(`"${given}": a port is a number from 1 to 65535`);
    }
    return { host: six ?? name ?? '', port: Number(port) };
  });
}
