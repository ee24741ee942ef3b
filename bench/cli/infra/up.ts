import { up } from '../../../infra/ec2/up.ts';
import { configure, ready } from './configure.ts';
import { agreed, printResult, withInfra } from './context.ts';
import type { InfraFlags } from './flags.ts';
import { describePlan, infraPlan, planOf, refuseBadPlan } from './plan.ts';

export async function infraUp(flags: InfraFlags): Promise<void> {
  if (flags.dryRun === true) return infraPlan(flags);
  await withInfra(flags, async (context) => {
    const { ec2, loaded, catalog, onLine } = context;
    const plan = await planOf(context);
    refuseBadPlan(plan);
    if (flags.json !== true) process.stderr.write(`${describePlan(plan, loaded.spec)}\n`);
    await agreed(flags, `make these ${plan.hosts.length} hosts`);
    const inventory = await up({ ec2, loaded, catalog, onLine });
    if (flags.configure) await configure(context, inventory);
    printResult(flags, inventory, () =>
      flags.configure ? ready(inventory) : `${inventory.name}: ${inventory.hosts.length} hosts run`,
    );
  });
}
