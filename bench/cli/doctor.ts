import Table from 'cli-table3';
import type { Command } from 'commander';
import { EXIT } from '../common/errors.ts';
import { dim, green, red, yellow } from '../common/terminal.ts';
import type { ClusterFlags } from '../run/cluster/choose-cluster.ts';
import type { Examined } from '../run/cluster/examine.ts';
import type { LoadedWorkload } from '../workload/load.ts';
import { addClusterOptions, CLUSTER_OPTIONS } from './cluster-options.ts';

interface DoctorFlags extends ClusterFlags {
  readonly for?: string;
  readonly json?: true;
}

const MARK = { good: green('good'), warning: yellow('warning'), bad: red('bad'), unknown: dim('unknown') };

function tableOf({ host, findings }: Examined): string {
  const table = new Table({
    head: [host, '', 'found', 'what to do'],
    style: { head: [], border: [] },
    colWidths: [28, 9, 44, 60],
    wordWrap: true,
  });
  for (const { check, state, found, remedy } of findings)
    table.push([check, MARK[state], found, remedy ?? '']);
  return table.toString();
}

/** `ksweep doctor`: what would spoil a measurement, before there is one. */
export function registerDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'Check this machine, and a cluster if one is named, for problems that would spoil a measurement.',
    )
    .option(
      '--for <workload>',
      'a workload: check that there are enough processors for its generators, and the rights to its topic',
    )
    .option('--json', 'print one JSON document on stdout');
  addClusterOptions(command).action(async (flags: DoctorFlags) => {
    const { hostname } = await import('node:os');
    const { checkUp } = await import('../host/checkup.ts');
    const { hostFiles } = await import('../host/files.ts');
    const { lookAt } = await import('../host/look.ts');
    const loaded =
      flags.for === undefined ? null : (await import('../workload/load.ts')).loadWorkload(flags.for);
    const generators = loaded === null ? null : generatorsOf(loaded);
    const files = hostFiles();
    const examined: Examined[] = [
      { host: hostname(), findings: checkUp(files, generators, await lookAt(files)) },
    ];
    const asked: Readonly<Record<string, unknown>> = { ...flags };
    if (CLUSTER_OPTIONS.some((option) => asked[option] !== undefined)) {
      const { examineCluster } = await import('../run/cluster/examine.ts');
      examined.push(...(await examineCluster(flags, loaded?.workload ?? null)));
    }
    if (flags.json === true) console.log(JSON.stringify(examined));
    else console.log(examined.map(tableOf).join('\n'));
    const bad = examined.some(({ findings }) => findings.some(({ state }) => state === 'bad'));
    process.exitCode = bad ? EXIT.invalid : EXIT.pass;
  });
}

/** The most generators that a cell of the workload runs at once. */
function generatorsOf({ plan }: LoadedWorkload): number {
  const counts = plan.cells.map(({ workload: { load, consumers } }) => {
    const { groups, perGroup } = consumers;
    return load.producers + groups * perGroup;
  });
  return Math.max(0, ...counts);
}
