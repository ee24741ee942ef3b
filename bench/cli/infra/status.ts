import Table from 'cli-table3';
import { instancesOf } from '../../../infra/ec2/instances.ts';
import { clusterFolder } from '../../../infra/ec2/journal.ts';
import { clusterStatus } from '../../../infra/ec2/status.ts';
import { TAG, tagOf } from '../../../infra/ec2/tags.ts';
import { refreshInventory } from '../../../infra/ec2/up.ts';
import { EXIT, KsweepError } from '../../common/errors.ts';
import { printResult, withInfra } from './context.ts';
import type { InfraFlags } from './flags.ts';

export async function infraStatus(flags: InfraFlags): Promise<void> {
  await withInfra(flags, async ({ ec2, loaded }) => {
    const status = await clusterStatus(ec2, loaded.spec);
    printResult(flags, status, () => {
      const table = new Table({
        head: ['host', 'role', 'state', 'instance', 'type', 'zone', 'address', 'ends'],
        style: { head: [], border: [] },
      });
      for (const host of status.hosts) {
        const cells = [host.name, host.role, host.state, host.instanceId, host.instanceType, host.zone];
        table.push([...cells, host.publicIp, host.expiresAt].map((cell) => cell ?? '–'));
      }
      return `${status.name}: ${status.state}\n${table.toString()}`;
    });
    if (status.state !== 'up') process.exitCode = EXIT.harness;
  });
}

export async function infraInventory(flags: InfraFlags): Promise<void> {
  await withInfra(flags, async ({ ec2, loaded }) => {
    const { spec } = loaded;
    const instances = await instancesOf(ec2, spec.name);
    const [first] = instances;
    const clusterId = first && tagOf(first, TAG.clusterId);
    if (first === undefined || clusterId === undefined) {
      throw new KsweepError('aws-failed', `${spec.name} has no hosts in ${spec.region}`, {
        hint: `ksweep infra up --spec ${loaded.file}`,
      });
    }
    const expiresAt = tagOf(first, TAG.expiresAt) ?? new Date(0).toISOString();
    const inventory = await refreshInventory(ec2, spec, { clusterId, expiresAt }, instances);
    printResult(flags, inventory, () => `written to ${clusterFolder(spec.name)}`);
  });
}
