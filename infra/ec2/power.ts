import {
  CreateTagsCommand,
  type Instance,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import { awsCode } from './aws-errors.ts';
import { asking } from './client.ts';
import { instancesOf, PATIENCE, waitForState } from './instances.ts';
import type { Inventory } from './inventory.ts';
import { clusterFolder, Journal } from './journal.ts';
import { TAG } from './tags.ts';
import { type Operation, refreshInventory } from './up.ts';

const idsOf = (instances: readonly Instance[]): string[] =>
  instances.flatMap(({ InstanceId }) => InstanceId ?? []);

/** The notes' Off. The brokers have been stopped before by `stopBrokers`; volumes and their cost stay. */
export async function stopHosts(
  operation: Operation,
  stopBrokers: () => Promise<void>,
): Promise<{ readonly stopped: readonly string[] }> {
  const { ec2, loaded, onLine } = operation;
  const { spec } = loaded;
  const instances = await present(operation);
  const running = instances.filter(({ State }) => State?.Name === 'running' || State?.Name === 'pending');
  if (running.length > 0) {
    await stopBrokers();
    onLine(`stopping ${running.length} hosts`);
    await asking('stopping the hosts', () =>
      ec2.send(new StopInstancesCommand({ InstanceIds: idsOf(running) })),
    );
  }
  await waitForState(ec2, idsOf(instances), 'stopped', operation.patience ?? PATIENCE);
  new Journal(clusterFolder(spec.name)).append({ event: 'stopped' });
  return { stopped: idsOf(running) };
}

/** How long a persistent spot request may take to let its instance start again. */
const SPOT_START_ATTEMPTS = 20;

/**
 * The notes' On: starts the hosts with a new end of their time, and writes their new addresses. Whether the cluster is
 * healthy is for the playbook start.yml to say.
 */
export async function startHosts(operation: Operation): Promise<Inventory> {
  const { ec2, loaded, onLine } = operation;
  const { spec } = loaded;
  const patience = operation.patience ?? PATIENCE;
  const instances = await present(operation);
  const journal = new Journal(clusterFolder(spec.name));
  const begun = journal.last('begun');
  if (begun === undefined) {
    throw new KsweepError(
      'aws-failed',
      `${spec.name} was not made from this machine: its journal is not here`,
      {
        hint: '`ksweep infra up` adopts what its tags show, then start again',
      },
    );
  }
  const expiresAt = new Date(Date.now() + spec.ttl).toISOString();
  const ids = idsOf(instances);
  await asking('writing the new end of time', () =>
    ec2.send(new CreateTagsCommand({ Resources: ids, Tags: [{ Key: TAG.expiresAt, Value: expiresAt }] })),
  );
  journal.append({ event: 'extended', expiresAt });
  const off = instances.filter(({ State }) => State?.Name !== 'running');
  await waitForState(ec2, idsOf(off.filter(({ State }) => State?.Name === 'stopping')), 'stopped', patience);
  if (off.length > 0) {
    onLine(`starting ${off.length} hosts`);
    await startWithSpotPatience(operation, idsOf(off), patience.everyMs);
  }
  const running = await waitForState(ec2, ids, 'running', patience);
  journal.append({ event: 'started' });
  return refreshInventory(ec2, spec, { clusterId: begun.clusterId, expiresAt }, running);
}

/** A spot request needs a while after a stop before it is `disabled`, and only then lets its instance start. */
async function startWithSpotPatience(operation: Operation, ids: string[], everyMs: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await operation.ec2.send(new StartInstancesCommand({ InstanceIds: ids }));
      return;
    } catch (error) {
      const early = /IncorrectSpotRequestState|IncorrectInstanceState/.test(awsCode(error));
      if (!early || attempt >= SPOT_START_ATTEMPTS) {
        await asking('starting the hosts', () => Promise.reject(error));
      }
      operation.onLine(`not yet (${awsCode(error)}); trying again`);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

async function present({ ec2, loaded }: Operation): Promise<Instance[]> {
  const instances = await instancesOf(ec2, loaded.spec.name);
  if (instances.length > 0) return instances;
  throw new KsweepError('aws-failed', `${loaded.spec.name} has no hosts in ${loaded.spec.region}`, {
    hint: `ksweep infra up --spec ${loaded.file}`,
  });
}
