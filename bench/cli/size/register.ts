import type { Command } from 'commander';
import { QUESTIONS, QUESTIONS_OF, type Question, YES_NO } from '../../../reports/sizing/input/questions.ts';
import { addClusterOptions, addLoadHostsOption } from '../cluster-options.ts';
import { collect } from '../collect.ts';

const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** One option a question, under the name that the question has in a demand file. */
function addQuestions(command: Command, questions: readonly Question[]): void {
  for (const question of questions) {
    const flag = `--${kebab(question)}`;
    if (YES_NO.includes(question)) {
      command.option(flag, QUESTIONS[question]);
      command.option(`--no-${kebab(question)}`, `the opposite of ${flag}`);
      // Without a default of its own, an option with --no- would count as answered with yes.
      command.setOptionValue(question, undefined);
    } else command.option(`${flag} <value>`, QUESTIONS[question]);
  }
}

/** The options that every mode takes beside its questions. */
function addShared(command: Command): Command {
  return command
    .option('--demand <file>', 'YAML with the answers, by the same names; options go before it')
    .option('--run <dir>', 'take what this run measured; repeatable', collect, [])
    .option('--where <setting=value>', 'the cells of a run to use; repeatable', collect, [])
    .option('--prices <file>', 'YAML with your own prices')
    .option('--catalog <file>', 'instance figures in place of the shipped ones')
    .option('--full', 'print every step, resource, cost line, type, limit and assumption')
    .option('--json', 'print the answer as JSON (schemas/sizing.schema.json)')
    .option('--markdown <file>', 'write a report to paste into a design review')
    .option('--html <file>', 'write sizing.html with the curve');
}

/** Traffic and record size from a topic itself, for what the other options don't say. */
function addSampled(command: Command): Command {
  return command
    .option('--from-topic <name>', 'take rates, record size and hottest key from a sample of this topic')
    .option('--from-sample <file>', 'the same, from a sample that `ksweep sample` took')
    .option('--sample-records <n>', 'with --from-topic: records of the sample', '50000')
    .option('--bootstrap-server <host:port,…>', 'with --from-topic: the cluster')
    .option('--command-config <file>', 'with --from-topic: client properties for it (Kafka’s names)');
}

/** `ksweep size partitions | simple | granular | reverse | verify`. */
export function registerSize(program: Command): void {
  const size = program.command('size').description('Size partitions, consumers, brokers and cost');

  const partitions = addShared(
    size
      .command('partitions')
      .description('partitions of one topic, from a measured curve (--run) or from figures alone'),
  );
  addSampled(partitions);
  addQuestions(partitions, QUESTIONS_OF.partitions);
  partitions.action(async (options) => {
    const { sizePartitions } = await import('./partitions.ts');
    await sizePartitions(options);
  });

  const simple = addShared(
    size.command('simple').description('brokers of a cluster by its traffic, read fan-out and retention'),
  );
  addSampled(simple);
  addQuestions(simple, QUESTIONS_OF.simple);
  simple.action(async (options) => {
    const { sizeSimple } = await import('./simple.ts');
    await sizeSimple(options);
  });

  const granular = addShared(
    size
      .command('granular')
      .description('a cluster by its producers, stream processors and consumers (--demand file.yaml)'),
  );
  addQuestions(granular, QUESTIONS_OF.granular);
  granular.action(async (options) => {
    const { sizeGranular } = await import('./granular.ts');
    await sizeGranular(options);
  });

  const reverse = addShared(
    size.command('reverse').description('what given brokers carry, and what binds first'),
  );
  addQuestions(reverse, QUESTIONS_OF.reverse);
  reverse.action(async (options) => {
    const { sizeReverse } = await import('./reverse.ts');
    await sizeReverse(options);
  });

  const verify = addLoadHostsOption(
    size
      .command('verify')
      .description(
        'sweep partitions here, size a demand that the curve carries, run it, and say whether it held',
      )
      .argument('[workload]', 'a sweep over partitions; default: workloads/size-and-verify.yaml')
      .option('--set <key=value>', 'override a setting of the workload; repeatable', collect, [])
      .option(
        '--demand-share <share>',
        'demand as a share of what the curve carried, headroom aside; default 80%',
      )
      .option('--run <dir>', 'size from this run instead of sweeping again')
      .option('--results <dir>', 'where run folders go', 'results')
      .option('--json', 'print the sizing and the verdict as JSON'),
  );
  addClusterOptions(verify).action(async (file, options) => {
    const { verifyOnCluster } = await import('./verify-on-cluster.ts');
    await verifyOnCluster(file, options);
  });
}
