import Table from 'cli-table3';
import type { Command } from 'commander';
import { addressText, parseAddresses } from '../client/reach/addresses.ts';
import { EXIT } from '../common/errors.ts';
import { red } from '../common/terminal.ts';
import type { ExaminedHost } from '../load/agent/examine.ts';
import type { LoadHost } from '../load/agent/load-hosts.ts';
import { registerPrepare } from './agents-prepare.ts';
import { otherHosts } from './run/load-hosts.ts';

interface CheckFlags {
  readonly loadHosts?: string;
  readonly cluster?: string;
  readonly bootstrapServer?: string;
  readonly json?: true;
}

const ms = (us: number | null): string => (us === null ? '' : `${(us / 1000).toFixed(2)} ms`);

function rowOf(one: ExaminedHost): string[] {
  const { hello, clockOffsetUs, clockErrorUs, open } = one;
  return [
    one.name,
    hello?.version ?? '',
    hello?.client ?? '',
    String(hello?.cores ?? ''),
    `${((hello?.freeMemoryBytes ?? 0) / 2 ** 30).toFixed(1)} GiB`,
    ms(one.roundTripUs),
    `${((clockOffsetUs ?? 0) / 1e6).toFixed(6)} s ± ${ms(clockErrorUs)}`,
    ...open.map((is) => (is ? 'open' : red('closed'))),
  ];
}

function tableOf(examined: readonly ExaminedHost[], addresses: readonly string[]): string {
  const head = ['host', 'version', 'client', 'cores', 'free', 'round trip', 'clock offset', ...addresses];
  const table = new Table({ head, style: { head: [], border: [] } });
  const usable = examined.filter(({ problem }) => problem === null);
  for (const one of usable) table.push(rowOf(one));
  const problems = examined.flatMap(({ name, problem }) =>
    problem === null ? [] : [red(`${name}: ${problem}`)],
  );
  return [...(usable.length === 0 ? [] : [table.toString()]), ...problems].join('\n');
}

/** The addresses by which these hosts would reach a provisioned cluster's brokers. Throws usage. */
async function serversOf(cluster: string, hosts: readonly LoadHost[]): Promise<string> {
  const { provisioned } = await import('../run/cluster/provisioned.ts');
  const names = hosts.map(({ name }) => name);
  const { connection, loadConnection = connection } = await provisioned(cluster, names);
  return String(loadConnection['bootstrap.servers']);
}

/** `ksweep agents prepare`, and `check`: whether hosts can generate load, before a run needs them. */
export function registerAgents(program: Command): void {
  const agents = program
    .command('agents')
    .description('Look at and prepare the hosts that are to generate load.');
  registerPrepare(agents);
  agents
    .command('check')
    .description('Start an agent on each host: version, client, cores, round trip, clock, brokers’ ports.')
    .option('--load-hosts <where>', 'as for `ksweep run`: ssh:HOST1,HOST2, ssh:@INVENTORY.yml, exec:…')
    .option('--cluster <name>', 'a cluster that `ksweep infra up` made: its load hosts, and its brokers')
    .option('--bootstrap-server <host:port,…>', 'addresses that each of them has to reach')
    .option('--json', 'print one JSON document on stdout')
    .action(async ({ loadHosts, cluster, bootstrapServer, json }: CheckFlags) => {
      const { examineHosts } = await import('../load/agent/examine.ts');
      const hosts = await otherHosts({ loadHosts, cluster }, '`ksweep doctor` examines this one');
      const servers =
        bootstrapServer ?? (cluster === undefined ? undefined : await serversOf(cluster, hosts));
      const addresses = servers === undefined ? [] : parseAddresses(servers);
      const examined = await examineHosts(hosts, addresses);
      const names = addresses.map(addressText);
      if (json === true) {
        const told = examined.map(({ open, ...one }) => ({
          ...one,
          brokers: open.map((is, i) => ({ address: names[i], open: is })),
        }));
        console.log(JSON.stringify(told));
      } else console.log(tableOf(examined, names));
      const fine = examined.every(({ problem, open }) => problem === null && !open.includes(false));
      process.exitCode = fine ? EXIT.pass : EXIT.harness;
    });
}
