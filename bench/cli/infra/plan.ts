import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import Table from 'cli-table3';
import { hostsOf } from '../../../infra/ec2/hosts.ts';
import { type Check, preflight } from '../../../infra/ec2/preflight.ts';
import { type ClusterPrice, overBudget, priceOf } from '../../../infra/ec2/price.ts';
import { rolesOf, specNotes } from '../../../infra/ec2/spec.ts';
import type { ClusterSpec } from '../../../infra/ec2/spec-schema.ts';
import { spotPrices } from '../../../infra/ec2/spot.ts';
import { EXIT, KsweepError } from '../../common/errors.ts';
import { formatDuration } from '../../common/terminal.ts';
import { type InfraContext, pricesFor, printResult, withInfra } from './context.ts';
import type { InfraFlags } from './flags.ts';

interface Plan {
  readonly name: string;
  readonly region: string;
  readonly hosts: readonly { readonly name: string; readonly role: string }[];
  readonly price: ClusterPrice;
  readonly overBudget: string | null;
  readonly checks: readonly Check[];
  /** What works, and may not be what was meant. */
  readonly notes: readonly string[];
}

/** What would be made, its price, and what AWS says to it; creates nothing. */
export async function planOf(context: InfraContext): Promise<Plan> {
  const { loaded, catalog, ec2 } = context;
  const { spec } = loaded;
  const quotas = new ServiceQuotasClient({ region: spec.region });
  try {
    const checks = await preflight(ec2, quotas, spec, catalog);
    const price = priceOf(spec, pricesFor(context), await spotPrices(ec2, spec));
    return {
      name: spec.name,
      region: spec.region,
      hosts: hostsOf(spec).map(({ name, role }) => ({ name, role })),
      price,
      overBudget: overBudget(spec, price) ?? null,
      checks,
      notes: specNotes(spec),
    };
  } finally {
    quotas.destroy();
  }
}

/** Throws where the plan must not be carried out. */
export function refuseBadPlan({ overBudget: over, checks }: Plan): void {
  if (over !== null) {
    throw new KsweepError('spec-invalid', over, {
      hint: 'choose smaller hosts, or raise budget in the spec',
    });
  }
  const failed = checks.filter(({ state }) => state === 'failed');
  if (failed.length > 0) {
    throw new KsweepError('aws-failed', 'AWS would not allow it; nothing was created', {
      details: failed.map(({ what, detail }) => `${what}: ${detail}`),
    });
  }
}

export async function infraPlan(flags: InfraFlags): Promise<void> {
  await withInfra(flags, async (context) => {
    const plan = await planOf(context);
    printResult(flags, plan, () => describePlan(plan, context.loaded.spec));
    const failed = plan.checks.some(({ state }) => state === 'failed');
    process.exitCode = plan.overBudget !== null ? EXIT.usage : failed ? EXIT.harness : EXIT.pass;
  });
}

/** For people. */
export function describePlan(plan: Plan, spec: ClusterSpec): string {
  const { price } = plan;
  const money = (value: number | null): string =>
    value === null ? 'not known' : `${value.toFixed(2)} ${price.currency}`;
  const table = new Table({
    head: ['role', 'hosts', 'type (fall-backs)', 'market', 'data volume', 'per hour'],
    style: { head: [], border: [] },
  });
  for (const { name, role } of rolesOf(spec)) {
    const own = price.roles.find((one) => one.role === name);
    const names = plan.hosts.filter((host) => host.role === name).map((host) => host.name);
    const volume = role.dataVolume;
    table.push([
      name,
      names.length > 1 ? `${names[0]} … ${names.at(-1)}` : (names[0] ?? ''),
      [role.instanceType, ...role.fallbackTypes].join(', '),
      role.market,
      volume === undefined
        ? '–'
        : `${volume.sizeGiB} GiB, ${volume.iops} IOPS, ${volume.throughputMiBps} MiB/s`,
      own === undefined || own.instancesPerHour === null
        ? 'not known'
        : money(own.instancesPerHour + own.volumesPerHour),
    ]);
  }
  const marks = { ok: 'ok     ', failed: 'FAILED ', unknown: 'unknown' } as const;
  return [
    `${plan.name} in ${plan.region}: ${plan.hosts.length} hosts`,
    table.toString(),
    `on: ${money(price.perHour)} per hour, ${money(price.perDay)} per day · stopped: ${money(price.stoppedPerDay)} per day · prices as of ${price.asOf}`,
    `ends itself after ${formatDuration(spec.ttl)}${price.perHour === null ? '' : `: at most ${money((price.perHour * spec.ttl) / 3_600_000)}`}`,
    ...price.notes.map((note) => `  ${note}`),
    ...(plan.overBudget === null ? [] : [`OVER BUDGET: ${plan.overBudget}`]),
    ...plan.notes.map((note) => `note     ${note}`),
    ...plan.checks.map(({ what, state, detail }) => `${marks[state]}  ${what}: ${detail}`),
  ].join('\n');
}
