import type { ClusterInfo, Environment } from './result.ts';

interface Measured {
  readonly environment: Environment;
  readonly cluster: ClusterInfo;
}

/** What figures of two runs, or of two halves of one, need to have in common: how it is called, and its value. */
export function groundOf({ environment, cluster }: Measured): Record<string, string> {
  return {
    'broker version': String(cluster.kafkaVersion),
    'broker mode': String(cluster.mode),
    brokers: String(cluster.brokers.length),
    'local broker': String(cluster.local),
    'broker hardware': JSON.stringify(cluster.hardware),
    client: `${environment.client}, librdkafka ${environment.librdkafka}`,
    'load host’s CPU': `${environment.cpuCount} × ${environment.cpuModel}`,
  };
}

/** A run that goes on needs the same brokers, too; those of this machine get new ports with each start. */
export function groundOfOneRun(measured: Measured): Record<string, string> {
  const { brokers, local } = measured.cluster;
  const addresses = brokers.map(({ id, address }) => `${id} ${address}`).toSorted();
  return { ...groundOf(measured), 'broker addresses': local ? 'local' : addresses.join(', ') };
}

/** What differs, a sentence each: "broker version: 3.9.2 against 4.3.0". */
export function differencesBetween(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): string[] {
  const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
  return Object.keys(a)
    .filter((name) => a[name] !== b[name])
    .map((name) => `${name}: ${short(a[name] ?? '')} against ${short(b[name] ?? '')}`);
}
