import type { Command } from 'commander';
import type { SampleFlags } from '../../jobs/sample/request.ts';
import type { ClusterFlags } from '../../run/cluster/choose-cluster.ts';

interface SampleCommandFlags extends SampleFlags, ClusterFlags {
  readonly json?: true;
}

/** `ksweep sample`: a topic's own records, to measure with. */
export function registerSample(program: Command): void {
  program
    .command('sample')
    .description(
      'Take a sample of a topic, without joining a group: its records, to measure with, and what they are like.',
    )
    .option('--topic <name>', 'the topic')
    .option('--records <n>', 'how many records', '50000')
    .option('-o, --output <file>', 'where the sample goes, such as orders.sample')
    .option(
      '--from <time>',
      'from a time on (2026-01-31T08:00:00Z, or how long ago: 2h); default: the newest ones',
    )
    .option('--evenly', 'in runs spread evenly over what the topic retains')
    .option('--max-rate <rate>', 'no more is read than this: 5MB/s, or records: 2k/s', '10MB/s')
    .option(
      '--anonymize',
      'replace every byte of keys, values and headers; sizes, skew and compressibility stay',
    )
    .option('--seed <n>', 'with --anonymize: the same replacement each time (who knows the seed can undo it)')
    .option('--bootstrap-server <host:port,…>', 'an existing cluster')
    .option('--command-config <file>', 'client properties for it (Kafka’s names): TLS, SASL')
    .option('--cluster <name>', 'a cluster that `ksweep infra up` made')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: SampleCommandFlags) => {
      const { sampleRequest } = await import('../../jobs/sample/request.ts');
      const { sampleOnCluster } = await import('../../jobs/sample/on-cluster.ts');
      const { sampleText } = await import('../../jobs/sample/text.ts');
      const { closePool } = await import('../../common/pool.ts');
      const { dim } = await import('../../common/terminal.ts');
      const { onInterrupt } = await import('../interrupt.ts');
      const request = sampleRequest(flags, Date.now());
      const say = (line: string): void => void process.stderr.write(`${dim(line)}\n`);
      const interrupt = onInterrupt(() => say('stopping: nothing is written'));
      try {
        const report = await sampleOnCluster(request, flags, interrupt.signal, say);
        console.log(flags.json === true ? JSON.stringify(report) : sampleText(report));
      } finally {
        interrupt.dispose();
        await closePool();
      }
    });
}
