import { join } from 'node:path';
import { play } from '../../../infra/ec2/ansible.ts';
import { type Inventory, readInventory } from '../../../infra/ec2/inventory.ts';
import { clusterFolder } from '../../../infra/ec2/journal.ts';
import { playFromAnsibleHost, shareInventory, waitForSsh } from '../../../infra/ec2/reach.ts';
import { type InfraContext, printResult, withInfra } from './context.ts';
import type { InfraFlags } from './flags.ts';

/** Runs playbooks from here, or from the cluster's own Ansible host. */
export async function playOn(
  { loaded, flags, onLine }: InfraContext,
  inventory: Inventory,
  playbooks: readonly string[],
): Promise<void> {
  const { spec } = loaded;
  await (flags.fromAnsibleHost === true
    ? playFromAnsibleHost(spec, inventory, playbooks, onLine)
    : play(join(clusterFolder(spec.name), 'inventory.yml'), playbooks, onLine));
}

/** From hosts that run to a Kafka that passes the smoke test. */
export async function configure(context: InfraContext, inventory: Inventory): Promise<void> {
  const { spec } = context.loaded;
  await waitForSsh(spec, inventory, context.onLine);
  await playOn(context, inventory, ['site', 'smoke']);
  await shareInventory(spec, inventory);
}

export async function infraConfigure(flags: InfraFlags): Promise<void> {
  await withInfra(flags, async (context) => {
    const inventory = readInventory(context.loaded.spec.name);
    await configure(context, inventory);
    printResult(flags, { name: inventory.name, configured: true }, () => ready(inventory));
  });
}

export const ready = ({ name, expiresAt }: Inventory): string =>
  `${name} is ready until ${expiresAt}; measure it with \`ksweep run WORKLOAD --cluster ${name}\``;
