import type { Command } from 'commander';
import type { InfraFlags, SweepFlags } from './flags.ts';

const JSON_OPTION = ['--json', 'print one JSON document on stdout'] as const;
const SPEC_OPTION = ['--spec <file>', 'the cluster’s file: infra/clusters/ has some'] as const;

/** `ksweep infra …`: a cluster of hosts on EC2, on and off. */
export function registerInfra(program: Command): void {
  const infra = program
    .command('infra')
    .description('Create, stop, start and remove a cluster of hosts on EC2.');
  const verb = (name: string, description: string): Command =>
    infra
      .command(name)
      .description(description)
      .requiredOption(...SPEC_OPTION)
      .option(...JSON_OPTION);

  verb('plan', 'Print what would be created and what it costs, and check that AWS allows it.')
    .option('--prices <file>', 'prices in place of the shipped ones')
    .action(async (flags: InfraFlags) => (await import('./plan.ts')).infraPlan(flags));

  verb('up', 'Create what is missing of the cluster; safe to run again.')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'the plan only')
    .option('--prices <file>', 'prices in place of the shipped ones')
    .option('--no-configure', 'leave Kafka to `ksweep infra configure`')
    .option('--from-ansible-host', 'run the playbooks on the cluster’s Ansible host')
    .action(async (flags: InfraFlags) => (await import('./up.ts')).infraUp(flags));

  verb('status', 'Show the state of each host; exit 2 unless all are running.').action(
    async (flags: InfraFlags) => (await import('./status.ts')).infraStatus(flags),
  );

  verb('configure', 'Run the playbooks: install, configure, start, check.')
    .option('--from-ansible-host', 'run them on the cluster’s Ansible host')
    .action(async (flags: InfraFlags) => (await import('./configure.ts')).infraConfigure(flags));

  verb('stop', 'Switch off: stop the brokers cleanly, then the hosts. Volumes stay, and their cost.')
    .option('--yes', 'do not ask')
    .option('--from-ansible-host', 'stop the brokers from the cluster’s Ansible host')
    .option('--dry-run', 'say what would be stopped')
    .action(async (flags: InfraFlags) => (await import('./power.ts')).infraStop(flags));

  verb('start', 'Switch on: start the hosts, note their new addresses, wait until Kafka is healthy.')
    .option('--yes', 'do not ask')
    .option('--from-ansible-host', 'run the playbooks on the cluster’s Ansible host')
    .option('--dry-run', 'say what would be started')
    .action(async (flags: InfraFlags) => (await import('./power.ts')).infraStart(flags));

  verb('down', 'Remove all of it, by its tags, and prove that nothing is left.')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would be removed')
    .action(async (flags: InfraFlags) => (await import('./down.ts')).infraDown(flags));

  verb('inventory', 'Read the hosts’ addresses and write the inventory anew.').action(
    async (flags: InfraFlags) => (await import('./status.ts')).infraInventory(flags),
  );

  infra
    .command('sweep')
    .description('Find what ksweep left behind in a region, of any run, and remove it with --yes.')
    .requiredOption('--region <name>', 'the region to look in')
    .option('--yes', 'remove what was found')
    .option(...JSON_OPTION)
    .action(async (flags: SweepFlags) => (await import('./down.ts')).infraSweep(flags));
}
