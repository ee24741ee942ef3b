import { join } from 'node:path';
import { LOOPBACK } from './ports.ts';
import { type ClusterShape, majorOf } from './versions.ts';

/** Security of the listener that clients use; brokers talk to each other in plain text on loopback. */
export type ClientProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

export interface NodePlan {
  readonly role: 'broker' | 'zookeeper';
  readonly id: number;
  /** host:port for clients. */
  readonly address: string;
  readonly folder: string;
  readonly logDir: string;
  /** Where a broker's metrics are served; null for another node. */
  readonly metricsAddress: string | null;
  readonly configFile: string;
  readonly configText: string;
  /** Java's arguments after the class path. */
  readonly main: readonly string[];
}

/** Ports that a cluster of this shape needs. */
export function portsNeeded(shape: ClusterShape): number {
  // A lone ZooKeeper server has no peers to elect a leader with or to follow.
  const quorumPorts = shape.mode === 'kraft' || shape.quorum === 1 ? shape.quorum : 3 * shape.quorum;
  // Two listeners and a page of metrics each.
  return 3 * shape.brokers + quorumPorts;
}

function propertiesText(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`)
    .join('');
}

/**
 * All nodes of a cluster: where they listen, where they store and how they are configured. Pure.
 * @param ports as many as portsNeeded() says
 */
export function planNodes(
  shape: ClusterShape,
  folder: string,
  ports: readonly number[],
  options: {
    protocol?: ClientProtocol;
    brokerConfigs?: Readonly<Record<string, string>>;
    listenOn?: string;
  } = {},
): NodePlan[] {
  const left = [...ports];
  const take = (): number => {
    const port = left.shift();
    if (port === undefined) throw new Error('too few ports for the cluster');
    return port;
  };
  const ids = Array.from({ length: shape.brokers }, (_, index) => index + 1);
  const quorumIds = Array.from({ length: shape.quorum }, (_, index) => index + 1);
  const zookeepers = shape.mode === 'zookeeper' ? planZooKeepers(folder, quorumIds, take) : [];
  const controllerPorts = new Map(shape.mode === 'kraft' ? quorumIds.map((id) => [id, take()]) : []);
  const voters = [...controllerPorts].map(([id, port]) => `${id}@${LOOPBACK}:${port}`).join(',');
  const protocol = options.protocol ?? 'PLAINTEXT';

  const brokers = ids.map((id): NodePlan => {
    const nodeFolder = join(folder, `broker-${id}`);
    const address = `${options.listenOn ?? LOOPBACK}:${take()}`;
    const listeners = [`CLIENT://${address}`, `BROKER://${LOOPBACK}:${take()}`];
    const controllerPort = controllerPorts.get(id);
    const quorum: Record<string, string> =
      shape.mode === 'kraft'
        ? {
            'process.roles': controllerPort === undefined ? 'broker' : 'broker,controller',
            'node.id': String(id),
            'controller.quorum.voters': voters,
            'controller.listener.names': 'CONTROLLER',
          }
        : {
            'broker.id': String(id),
            'zookeeper.connect': zookeepers.map((node) => node.address).join(','),
            'zookeeper.connection.timeout.ms': '40000',
          };
    const configFile = join(nodeFolder, 'server.properties');
    return {
      role: 'broker',
      id,
      address,
      folder: nodeFolder,
      logDir: join(nodeFolder, 'data'),
      metricsAddress: `${LOOPBACK}:${take()}`,
      configFile,
      configText: propertiesText({
        ...quorum,
        listeners: [
          ...listeners,
          ...(controllerPort === undefined ? [] : [`CONTROLLER://${LOOPBACK}:${controllerPort}`]),
        ].join(','),
        'advertised.listeners': listeners.join(','),
        'listener.security.protocol.map': `CLIENT:${protocol},BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT`,
        'inter.broker.listener.name': 'BROKER',
        'log.dirs': join(nodeFolder, 'data'),
        ...sharedConfigs(shape.brokers),
        ...options.brokerConfigs,
      }),
      main: ['kafka.Kafka', configFile],
    };
  });
  return [...zookeepers, ...brokers];
}

/** What a cluster on one host needs to be quick to start and complete with few brokers. */
function sharedConfigs(brokers: number): Record<string, string> {
  const copies = String(Math.min(3, brokers));
  const inSync = String(Math.min(2, brokers));
  return {
    'auto.create.topics.enable': 'false',
    'delete.topic.enable': 'true',
    'num.partitions': '1',
    'default.replication.factor': copies,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': '10',
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '10',
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '10',
    // Long enough for a group's members to join in one round: a later one would wait for a heartbeat, 3 s.
    'group.initial.rebalance.delay.ms': '100',
    // The same for share groups, whose members get their partitions with a heartbeat.
    'group.share.min.heartbeat.interval.ms': '500',
    'group.share.heartbeat.interval.ms': '500',
    'controlled.shutdown.enable': 'true',
  };
}

function planZooKeepers(folder: string, ids: readonly number[], take: () => number): NodePlan[] {
  const alone = ids.length === 1;
  const servers = ids.map((id) => ({
    id,
    client: take(),
    ensembleLine: alone ? '' : `server.${id}=${LOOPBACK}:${take()}:${take()}\n`,
  }));
  const ensemble = servers.map((server) => server.ensembleLine).join('');
  return servers.map(({ id, client }): NodePlan => {
    const nodeFolder = join(folder, `zookeeper-${id}`);
    const configFile = join(nodeFolder, 'zoo.cfg');
    const logDir = join(nodeFolder, 'data');
    return {
      role: 'zookeeper',
      id,
      address: `${LOOPBACK}:${client}`,
      folder: nodeFolder,
      logDir,
      metricsAddress: null,
      configFile,
      configText: `${propertiesText({
        tickTime: '2000',
        initLimit: '10',
        syncLimit: '5',
        maxClientCnxns: '0',
        dataDir: logDir,
        clientPort: String(client),
        clientPortAddress: LOOPBACK,
        'admin.enableServer': 'false',
      })}${ensemble}`,
      main: ['org.apache.zookeeper.server.quorum.QuorumPeerMain', configFile],
    };
  });
}

/** The agent that serves a broker's metrics, by the rules that the Ansible role uses; none where its jar is not there. */
export function metricsAgent({ metricsAddress }: NodePlan, agentJar: string | null, rules: string): string[] {
  return metricsAddress === null || agentJar === null
    ? []
    : [`-javaagent:${agentJar}=${metricsAddress}:${rules}`];
}

/** Arguments of the JVM. G1 as in Kafka's own start script; the heap is small because brokers share the host. */
export function jvmArguments(shape: ClusterShape, role: NodePlan['role'], assets: string): string[] {
  const heap = role === 'zookeeper' ? '256m' : shape.brokers === 1 ? '1g' : '512m';
  const logging =
    majorOf(shape.kafkaVersion) >= 4
      ? `-Dlog4j2.configurationFile=${join(assets, 'log4j2.properties')}`
      : `-Dlog4j.configuration=file:${join(assets, 'log4j.properties')}`;
  return [
    `-Xmx${heap}`,
    `-Xms${heap}`,
    '-XX:+UseG1GC',
    '-XX:MaxGCPauseMillis=20',
    '-XX:InitiatingHeapOccupancyPercent=35',
    '-XX:+ExplicitGCInvokesConcurrent',
    '-Djava.awt.headless=true',
    logging,
  ];
}
