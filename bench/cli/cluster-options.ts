import type { Command } from 'commander';

/** The options below, as commander names their values. */
export const CLUSTER_OPTIONS = [
  'bootstrapServer',
  'commandConfig',
  'brokerMetrics',
  'cluster',
  'local',
  'brokers',
  'kafkaVersion',
  'mode',
  'keep',
];

/** The option that says where a load comes from, for every command that generates one. */
export function addLoadHostsOption(command: Command, more = ''): Command {
  return command.option(
    '--load-hosts <where>',
    `hosts that generate the load: local, ssh:HOST1,HOST2, ssh:@INVENTORY.yml, exec:HOST1,HOST2:COMMAND${more} (default: those of --cluster, else local)`,
  );
}

/** The options that choose the cluster under test, shared by every command that measures. */
export function addClusterOptions(command: Command): Command {
  return command
    .option('--bootstrap-server <host:port,…>', 'an existing cluster')
    .option('--command-config <file>', 'client properties for it (Kafka’s names): TLS, SASL')
    .option(
      '--broker-metrics <url,…>',
      'pages of the brokers’ own metrics (Prometheus text), such as http://kafka-1:7071',
    )
    .option('--cluster <name>', 'a cluster that `ksweep infra up` made')
    .option('--local', 'start a real Apache Kafka on this machine for this run, and remove it afterwards')
    .option('--brokers <n>', 'with --local: brokers, 1 to 5 (default: 1)')
    .option('--kafka-version <v>', 'with --local: the release to run')
    .option('--mode <mode>', 'with --local: kraft or zookeeper')
    .option('--keep', 'with --local: keep the brokers’ data');
}
