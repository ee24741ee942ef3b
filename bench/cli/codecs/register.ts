import type { Command } from 'commander';
import { addClusterOptions, addLoadHostsOption, CLUSTER_OPTIONS } from '../cluster-options.ts';
import { collect } from '../collect.ts';
import { refuseBeside } from '../given.ts';
import type { CodecsCommandFlags } from './flags.ts';

export function registerCodecs(program: Command): void {
  const command = program
    .command('codecs')
    .description(
      'Recommend codec, level, batch.size and linger.ms for your own records, with the monthly cost.',
    )
    .option('--payload-file <file>', 'your records, one per line')
    .option(
      '--payload-format <format>',
      'of that file: lines, json, length-prefixed, folder or sample',
      'lines',
    )
    .option('--payload <name>', 'a shipped one instead: json-events, log-lines, csv-rows or incompressible')
    .option(
      '--payload-topic <name>',
      'a topic instead: a sample of it is taken first, without joining a group',
    )
    .option('--payload-records <n>', 'with --payload-topic: records of the sample', '50000')
    .option(
      '--payload-bootstrap-server <host:port,…>',
      'with --payload-topic: where that topic is (default: the cluster that is measured)',
    )
    .option('--payload-command-config <file>', 'with --payload-bootstrap-server: client properties for it')
    .option('--rate <rate>', 'offered rate: 5MB/s of records before compression, or 20k/s')
    .option(
      '--codecs <list>',
      'codecs with levels (default: none,snappy,lz4,gzip:1,gzip:6,zstd:1,zstd:3,zstd:9)',
    )
    .option('--batch-size <sizes>', 'values of batch.size (default: 16384,131072)')
    .option('--linger-ms <values>', 'values of linger.ms (default: 5)')
    .option('--priority <aim>', 'what decides: latency, bytes, cpu or cost', 'cost')
    .option('--repeats <n>', 'blocks of the screen, which tries everything (default: 4)')
    .option('--finalists <n>', 'configurations that are measured again (default: 3)')
    .option('--finalist-repeats <n>', 'blocks of the finalists and of the recompression (default: 8)')
    .option('--warmup <duration>', 'of each repeat (default: 3s)')
    .option('--duration <duration>', 'measured window of each repeat (default: 10s)')
    .option('--quick', 'a first look: one batch size, fewer and shorter repeats; shows no small differences')
    .option('--budget <duration>', 'time for all of it, such as 20m: repeats are given up until it fits')
    .option('--find-max', 'search the sustainable rate of the finalists, too')
    .option(
      '--topic-compression <codec>',
      'the topic’s compression.type to try (default: zstd, or gzip for zstd)',
    )
    .option('--skip <part>', 'leave out stamp or recompression; repeatable', collect, [])
    .option(
      '--set <key=value>',
      'another setting of the workload, such as topic.replicationFactor=3; repeatable',
      collect,
      [],
    )
    .option('--seed <n>', 'of orders, payload orders and arrivals', '1')
    .option('--volume <rate>', 'records per second to price, such as 50MB/s (default: the offered rate)')
    .option('--retention <duration>', 'how long records are kept, for the price', '7d')
    .option('--replicas <n>', 'replication factor, for the price', '3')
    .option('--groups <n>', 'consumer groups, for the price', '1')
    .option('--zones <n>', 'availability zones, for the price', '3')
    .option('--region <name>', 'whose prices', 'us-east-1')
    .option('--instance <type>', 'instance that clients run on, for the price of their CPU', 'm6i.large')
    .option('--prices <file>', 'your own prices (YAML or JSON), over the region’s')
    .option('--dry-run', 'print what would run and for how long, and stop')
    .option('--strict', 'exit 3 where the recommended one is not shown to be best')
    .option('--resume <dir>', 'continue a comparison that was cut off')
    .option('--results <dir>', 'where its folder goes', 'results')
    .option('--json', 'print one JSON document on stdout');
  addClusterOptions(addLoadHostsOption(command)).action(async (flags: CodecsCommandFlags) => {
    if (flags.resume !== undefined) {
      const allowed = [...CLUSTER_OPTIONS, 'loadHosts', 'dryRun', 'json', 'strict'];
      refuseBeside(command, '--resume', 'a comparison goes on as it was asked for when it began', allowed);
    }
    const { prepare } = await import('../../jobs/codecs/start.ts');
    const { closePool } = await import('../../common/pool.ts');
    try {
      const { withPayloadOf } = await import('./payload-topic.ts');
      const ready = await prepare(flags.resume === undefined ? await withPayloadOf(flags) : flags);
      const { codecsCommand } = await import('./codecs-command.ts');
      process.exitCode = await codecsCommand(ready, flags);
    } finally {
      await closePool();
    }
  });
}
