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

/** Other hosts that generated the load. */
export const loadHostInfosSchema = z.array(
  z.strictObject({ name: z.string(), cores: z.int(), platform: z.string() }),
);
export type LoadHostInfos = z.infer<typeof loadHostInfosSchema>;

interface Measured {
  readonly environment: Environment;
  readonly cluster: ClusterInfo;
  /** Absent where the load came from the host that ksweep ran on. */
  readonly loadHosts?: LoadHostInfos | undefined;
}

/** What figures of two runs, or of two halves of one, need to have in common: how it is called, and its value. */
export function groundOf({ environment, cluster, loadHosts }: Measured): Record<string, string> {
  return {
    'broker version': String(cluster.kafkaVersion),
    'broker mode': String(cluster.mode),
    brokers: String(cluster.brokers.length),
    'local broker': String(cluster.local),
    'broker hardware': JSON.stringify(cluster.hardware),
    client: `${environment.client}, librdkafka ${environment.librdkafka}`,
    ...(loadHosts === undefined
      ? { 'load host’s CPU': `${environment.cpuCount} × ${environment.cpuModel}` }
      : { 'load hosts': describeLoadHosts(loadHosts) }),
  };
}

/** Their names are those of a day; what they can generate is what counts. */
function describeLoadHosts(hosts: LoadHostInfos): string {
  return hosts
    .map(({ cores, platform }) => `${cores} cores, ${platform}`)
    .toSorted()
    .join(' + ');
}

/** A run that goes on needs the same brokers, too; those of this machine get new ports with each start. */
export function groundOfOneRun(measured: Measured): Record<string, string> {
  const { brokers, local } = measured.cluster;
  const addresses = brokers.map(({ id, address }) => `${id} ${address}`).toSorted();
  // It may go on with other load hosts: each result names its own.
  const { 'load hosts': _, ...ground } = groundOf(measured);
  return { ...ground, 'broker addresses': local ? 'local' : addresses.join(', ') };
}

/** Characters shown of a side, and of what they have in common before they part. */
const SHOWN = 60;
const LEAD = 20;

/** What differs, a sentence each: "broker version: 3.9.2 against 4.3.0". */
export function differencesBetween(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): string[] {
  return Object.keys({ ...a, ...b })
    .filter((name) => a[name] !== b[name])
    .map((name) => {
      const [left, right] = whereTheyDiffer(a[name] ?? 'nothing', b[name] ?? 'nothing');
      return `${name}: ${left} against ${right}`;
    });
}

/** Long texts are shown from shortly before the place where they part: their beginnings are the same. */
function whereTheyDiffer(a: string, b: string): [string, string] {
  let same = 0;
  while (same < Math.min(a.length, b.length) && a[same] === b[same]) same++;
  const from = Math.max(a.length, b.length) > SHOWN && same > LEAD ? same - LEAD : 0;
  const cut = (text: string): string => {
    const tail = text.slice(from);
    return `${from > 0 ? '…' : ''}${tail.length > SHOWN ? `${tail.slice(0, SHOWN - 1)}…` : tail}`;
  };
  return [cut(a), cut(b)];
}
