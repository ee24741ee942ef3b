import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ec2Client } from '../../../infra/ec2/client.ts';
import { clusterFolder, Journal } from '../../../infra/ec2/journal.ts';
import { findOrphans, type Orphan } from '../../../infra/ec2/orphans.ts';
import { rolesOf } from '../../../infra/ec2/spec.ts';
import { remains, tearDown } from '../../../infra/ec2/teardown.ts';
import { EXIT } from '../../common/errors.ts';
import { agreed, printResult, withInfra } from './context.ts';
import type { InfraFlags, SweepFlags } from './flags.ts';

/** The inventory of what is gone must not be measured; the journal stays, under its id. */
function forget(name: string): void {
  const folder = clusterFolder(name);
  for (const file of ['cluster.json', 'inventory.yml', 'known_hosts'])
    rmSync(join(folder, file), { force: true });
  new Journal(folder).close();
}

export async function infraDown(flags: InfraFlags): Promise<void> {
  await withInfra(flags, async ({ ec2, loaded, onLine }) => {
    const { name } = loaded.spec;
    const clustered = rolesOf(loaded.spec).some(({ role }) => role.placement === 'cluster');
    const target = { name, placementGroup: clustered };
    const there = await remains(ec2, target);
    if (flags.dryRun === true) {
      printResult(flags, { name, wouldRemove: there }, () => ['would remove:', ...there].join('\n  '));
      return;
    }
    if (there.length > 0) await agreed(flags, `remove ${name}: ${there.join(', ')}`);
    const removed = await tearDown(ec2, target, onLine);
    forget(name);
    printResult(flags, { name, removed, left: [] }, () => `${name}: nothing is left`);
  });
}

export async function infraSweep(flags: SweepFlags): Promise<void> {
  const ec2 = ec2Client(flags.region);
  try {
    const orphans = await findOrphans(ec2, new Date());
    const removed: string[] = [];
    if (flags.yes === true) {
      for (const { cluster, resources } of orphans) {
        if (cluster === null) continue;
        const placementGroup = resources.some((resource) => resource.startsWith('placement-group'));
        await tearDown(ec2, { name: cluster, placementGroup }, (line) =>
          process.stderr.write(`${cluster}: ${line}\n`),
        );
        removed.push(cluster);
      }
    }
    printResult(flags, { region: flags.region, orphans, removed }, () =>
      describe(flags.region, orphans, removed),
    );
    // Found and left alone is for somebody to act on.
    if (orphans.length > removed.length) process.exitCode = EXIT.harness;
  } finally {
    ec2.destroy();
  }
}

function describe(region: string, orphans: readonly Orphan[], removed: readonly string[]): string {
  if (orphans.length === 0) return `${region}: nothing is left behind`;
  return orphans
    .map(({ cluster, reason, expiresAt, resources }) => {
      const why = reason === 'expired' ? `its time was over at ${expiresAt}` : 'no tag tells its end';
      const done =
        cluster === null
          ? 'without a name: remove it in the console'
          : removed.includes(cluster)
            ? 'removed'
            : 'left; --yes removes it';
      return `${cluster ?? '(no name)'}: ${why}; ${done}\n  ${resources.join('\n  ')}`;
    })
    .join('\n');
}
