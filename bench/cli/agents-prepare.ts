import Table from 'cli-table3';
import type { Command } from 'commander';
import { EXIT, KsweepError } from '../common/errors.ts';
import { dim, red } from '../common/terminal.ts';
import type { PreparedHost, Standing } from '../load/agent/prepare.ts';
import { otherHosts } from './run/load-hosts.ts';

interface PrepareFlags {
  readonly loadHosts?: string;
  readonly cluster?: string;
  readonly json?: true;
}

const SHOWN_DIGITS = 12;

function standingText(standing: Standing | null): string {
  if (standing === null) return 'no ksweep';
  const { version, client, packageSha256 } = standing;
  const which = packageSha256 === null ? 'not by prepare' : `package ${packageSha256.slice(0, SHOWN_DIGITS)}`;
  return `${version}, client ${client}, ${which}`;
}

function tableOf(prepared: readonly PreparedHost[]): string {
  const table = new Table({ head: ['host', 'before', 'after'], style: { head: [], border: [] } });
  for (const { name, did, before, after } of prepared) {
    if (did === 'left alone') table.push([name, standingText(before), 'the same: left alone']);
    else if (did === 'failed') table.push([name, before === null ? '' : standingText(before), red('failed')]);
    else table.push([name, standingText(before), standingText(after)]);
  }
  const problems = prepared.flatMap(({ name, problem }) =>
    problem === null ? [] : [red(`${name}: ${problem}`)],
  );
  return [table.toString(), ...problems].join('\n');
}

/** `ksweep agents prepare`: puts this very ksweep on hosts that ssh reaches. */
export function registerPrepare(agents: Command): void {
  agents
    .command('prepare')
    .description('Put this very ksweep into ~/.ksweep of each ssh host; a host that has it is left alone.')
    .option('--load-hosts <where>', 'ssh:HOST1,HOST2 or ssh:@INVENTORY.yml')
    .option('--cluster <name>', 'the load hosts of a cluster that `ksweep infra up` made')
    .option('--json', 'print one JSON document on stdout')
    .action(async ({ loadHosts, cluster, json }: PrepareFlags) => {
      const { packKsweep } = await import('../load/agent/pack.ts');
      const { prepareHosts } = await import('../load/agent/prepare.ts');
      if (loadHosts !== undefined && cluster !== undefined) {
        throw new KsweepError(
          'usage',
          '--cluster means its own load hosts, and --load-hosts others: give one',
        );
      }
      const hosts = await otherHosts({ loadHosts, cluster }, 'this one has its ksweep');
      if (hosts.some(({ shell }) => shell === undefined)) {
        throw new KsweepError(
          'usage',
          `--load-hosts ${loadHosts}: exec: says how an agent is started there, and not how anything else is`,
          {
            hint: 'put ksweep into the image or onto those hosts (`npm pack`, then `npm install --global FILE`)',
          },
        );
      }
      const prepared = await prepareHosts(hosts, await packKsweep(), (line) => console.error(dim(line)));
      console.log(json === true ? JSON.stringify(prepared) : tableOf(prepared));
      process.exitCode = prepared.every(({ problem }) => problem === null) ? EXIT.pass : EXIT.harness;
    });
}
