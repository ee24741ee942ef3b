import { join } from 'node:path';
import { play } from '../../../infra/ec2/ansible.ts';
import { type Inventory, readInventory } from '../../../infra/ec2/inventory.ts';
import { clusterFolder } from '../../../infra/ec2/journal.ts';
import { playFromAnsibleHost, shareInventory, waitForSsh } from '../../../infra/ec2/reach.ts';
import { KsweepError } from '../../common/errors.ts';
import { parseLoadHosts } from '../../load/agent/load-hosts.ts';
import { packKsweep } from '../../load/agent/pack.ts';
import { prepareHosts } from '../../load/agent/prepare.ts';
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
  if (context.flags.fromAnsibleHost === true) await prepareLoadHosts(context, inventory);
  await shareInventory(spec, inventory);
}

/** What the role `load` does where ksweep lies beside the playbooks; a cluster's Ansible host has none. Throws load-host-failed. */
async function prepareLoadHosts({ onLine }: InfraContext, { name, hosts }: Inventory): Promise<void> {
  if (!hosts.some(({ role }) => role === 'load')) return;
  const where = `ssh:@${join(clusterFolder(name), 'inventory.yml')}`;
  const prepared = await prepareHosts(parseLoadHosts(where, name, '.'), await packKsweep(), onLine);
  const problems = prepared.flatMap(({ name: host, problem }) =>
    problem === null ? [] : [`${host}: ${problem}`],
  );
  if (problems.length === 0) return;
  throw new KsweepError('load-host-failed', `ksweep is not on all load hosts of ${name}`, {
    details: problems,
    hint: `once that is mended: ksweep agents prepare --cluster ${name}`,
  });
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
