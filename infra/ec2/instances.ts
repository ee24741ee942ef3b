import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandOutput,
  type Filter,
  type Instance,
} from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import { allPages, asking, type Ec2 } from './client.ts';
import { byTag, isThere, TAG } from './tags.ts';

export async function describeInstances(ec2: Ec2, filters: Filter[]): Promise<Instance[]> {
  const reservations = await asking('looking for instances', () =>
    allPages<DescribeInstancesCommandOutput, Instance[]>(
      (NextToken) => ec2.send(new DescribeInstancesCommand({ Filters: filters, NextToken })),
      (page) => page.Reservations?.map(({ Instances }) => Instances ?? []),
    ),
  );
  return reservations.flat();
}

/** The instances of a cluster that still cost or may again, by what their tags say. */
export async function instancesOf(ec2: Ec2, clusterName: string): Promise<Instance[]> {
  const found = await describeInstances(ec2, [
    byTag(TAG.cluster, clusterName),
    byTag(TAG.managedBy, 'ksweep'),
  ]);
  return found.filter(isThere);
}

type StateName = 'running' | 'stopped' | 'terminated';

/** Intervals between questions; a test's double answers at once. */
export interface Patience {
  readonly everyMs: number;
  readonly limitMs: number;
}
export const PATIENCE: Patience = { everyMs: 5_000, limitMs: 900_000 };

/** An instance that Describe leaves out once may just be new to the machine that answered; twice in turn is gone. */
const ABSENCES_TO_BE_GONE = 2;

/** Whether an instance that was launched still is: one that is not shown is asked for again before it is believed gone. */
export async function isStillThere(ec2: Ec2, id: string, patience: Patience): Promise<boolean> {
  for (let absences = 0; absences < ABSENCES_TO_BE_GONE; absences++) {
    if (absences > 0) await new Promise((resolve) => setTimeout(resolve, patience.everyMs));
    const [found] = await describeInstances(ec2, [{ Name: 'instance-id', Values: [id] }]);
    if (found !== undefined) return isThere(found);
  }
  return false;
}

/** Waits until all are in a state. Throws aws-failed with the next step where the time runs out. */
export async function waitForState(
  ec2: Ec2,
  ids: readonly string[],
  state: StateName,
  patience: Patience = PATIENCE,
): Promise<Instance[]> {
  let found: Instance[] = [];
  if (ids.length === 0) return found;
  const absences = new Map<string, number>();
  const inState = async (): Promise<boolean> => {
    found = await describeInstances(ec2, [{ Name: 'instance-id', Values: [...ids] }]);
    const byId = new Map(found.map((instance) => [instance.InstanceId, instance.State?.Name]));
    const ended = ids.find((id) => state !== 'terminated' && byId.get(id) === 'terminated');
    if (ended !== undefined) {
      const reason = found.find(({ InstanceId }) => InstanceId === ended)?.StateReason?.Message;
      throw new KsweepError(
        'aws-failed',
        `instance ${ended} ended instead of being ${state}: ${reason ?? 'no reason given'}`,
      );
    }
    for (const id of ids) absences.set(id, byId.has(id) ? 0 : (absences.get(id) ?? 0) + 1);
    const gone = (id: string): boolean =>
      state === 'terminated' && (absences.get(id) ?? 0) >= ABSENCES_TO_BE_GONE;
    return ids.every((id) => byId.get(id) === state || gone(id));
  };
  const deadline = Date.now() + patience.limitMs;
  while (!(await inState())) {
    if (Date.now() > deadline) {
      const states = found.map(({ InstanceId, State }) => `${InstanceId} is ${State?.Name}`).join(', ');
      throw new KsweepError(
        'aws-failed',
        `not all instances are ${state} after ${patience.limitMs / 1000} s: ${states || 'none is shown'}`,
        {
          hint: 'give the command again: it goes on from where this one stopped',
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, patience.everyMs));
  }
  return found;
}
