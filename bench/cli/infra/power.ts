import { readInventory } from '../../../infra/ec2/inventory.ts';
import { startHosts, stopHosts } from '../../../infra/ec2/power.ts';
import { extendHosts, waitForSsh } from '../../../infra/ec2/reach.ts';
import { clusterStatus } from '../../../infra/ec2/status.ts';
import { playOn, ready } from './configure.ts';
import { agreed, type InfraContext, printResult, withInfra } from './context.ts';
import type { InfraFlags } from './flags.ts';

async function dryRun({ ec2, loaded, flags }: InfraContext, verb: string, from: string): Promise<void> {
  const status = await clusterStatus(ec2, loaded.spec);
  const hosts = status.hosts.filter(({ state }) => state === from).map(({ name }) => name);
  printResult(
    flags,
    { name: status.name, [verb]: hosts },
    () => `would ${verb}: ${hosts.join(', ') || 'nothing'}`,
  );
}

export async function infraStop(flags: InfraFlags): Promise<void> {
  await withInfra(flags, async (context) => {
    if (flags.dryRun === true) return dryRun(context, 'stop', 'running');
    const { spec } = context.loaded;
    await agreed(flags, `switch ${spec.name} off`);
    const { stopped } = await stopHosts(context, () => playOn(context, readInventory(spec.name), ['stop']));
    printResult(flags, { name: spec.name, stopped }, () => `${spec.name} is off; its volumes still cost`);
  });
}

export async function infraStart(flags: InfraFlags): Promise<void> {
  await withInfra(flags, async (context) => {
    if (flags.dryRun === true) return dryRun(context, 'start', 'stopped');
    const { spec } = context.loaded;
    await agreed(flags, `switch ${spec.name} on`);
    const inventory = await startHosts(context);
    await waitForSsh(spec, inventory, context.onLine);
    await extendHosts(spec, inventory);
    // Ends only when all brokers are registered, nothing is under-replicated and the controllers are in quorum.
    await playOn(context, inventory, ['start']);
    printResult(flags, inventory, () => ready(inventory));
  });
}
