import { z } from 'zod';

/** What a run's figures hold for: the host, the versions, the cluster. */

export const environmentSchema = z.strictObject({
  hostname: z.string(),
  cpuModel: z.string(),
  cpuCount: z.int(),
  memoryBytes: z.number(),
  kernel: z.string(),
  os: z.string(),
  node: z.string(),
  ksweep: z.string(),
  gitCommit: z.string().nullable(),
  client: z.string(),
  librdkafka: z.string(),
});
export type Environment = z.infer<typeof environmentSchema>;

export const clusterInfoSchema = z.strictObject({
  bootstrapServers: z.string(),
  /** Brokers as the cluster's metadata names them. */
  brokers: z.array(z.strictObject({ id: z.int(), address: z.string() })),
  kafkaVersion: z.string().nullable(),
  mode: z.enum(['kraft', 'zookeeper']).nullable(),
  /** Runs on the load generator's host: figures are smoke-scale. */
  local: z.boolean(),
  /** Broker hardware, burst credits and prices, where the inventory of a provisioned cluster has them. */
  hardware: z.record(z.string(), z.unknown()).nullable(),
});
export type ClusterInfo = z.infer<typeof clusterInfoSchema>;

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
