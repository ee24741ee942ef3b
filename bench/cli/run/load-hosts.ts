import { hostname } from 'node:os';
import { KsweepError } from '../../common/errors.ts';
import { type LoadHost, parseLoadHosts } from '../../load/agent/load-hosts.ts';
import { describeShare, type HostShare, place, sharesOf } from '../../load/agent/placement.ts';
import type { PlannedLoadHost } from '../../results/dry-run.ts';
import type { ClusterFlags } from '../../run/cluster/choose-cluster.ts';
import { ownLoadHosts, provisioned } from '../../run/cluster/provisioned.ts';
import type { WorkloadSource } from '../../run/write/manifest.ts';
import { type Cell, generatorsOf } from '../../workload/plan.ts';
import type { Workload } from '../../workload/schema.ts';

/** The options that say where a load comes from. */
export interface LoadHostFlags extends Pick<ClusterFlags, 'cluster' | 'local' | 'bootstrapServer'> {
  readonly loadHosts?: string;
}

/** The hosts that generate a load. */
export interface ChosenLoadHosts {
  /** How their agents are started, as WHERE begins: local, ssh, exec … */
  readonly kind: string;
  /** None: this host. */
  readonly hosts: readonly LoadHost[];
}

/**
 * The hosts that generate the load: those of `--load-hosts`, else the workload's, else the own ones of `--cluster`, which
 * is told to `say`. Throws usage, also where `--cluster` has none, or listens to nobody here.
 */
export async function loadHostsOf(
  flags: LoadHostFlags,
  { workload, source }: { readonly workload: Workload; readonly source: Pick<WorkloadSource, 'baseDir'> },
  say: (line: string) => void,
): Promise<ChosenLoadHosts> {
  const { loadHosts, local, bootstrapServer } = flags;
  const { hosts } = workload.load;
  // Beside --cluster these are refused by whoever chooses the cluster.
  const cluster = local === true || bootstrapServer !== undefined ? undefined : flags.cluster;
  const chosen =
    loadHosts !== undefined
      ? parsed(loadHosts, '--load-hosts', '.')
      : hosts !== undefined
        ? parsed(hosts, 'load.hosts', source.baseDir)
        : cluster !== undefined
          ? await ownOf(cluster, say)
          : parsed('local', '', '.');
  // Whether this host reaches the brokers is known from the inventory, and not only when a run is under way.
  if (cluster !== undefined) await provisioned(cluster, namesOf(chosen));
  return chosen;
}

const parsed = (where: string, said: string, baseDir: string): ChosenLoadHosts => ({
  kind: where.split(':')[0] ?? '',
  hosts: parseLoadHosts(where, said, baseDir),
});

async function ownOf(cluster: string, say: (line: string) => void): Promise<ChosenLoadHosts> {
  const { where, why } = await ownLoadHosts(cluster);
  say(why);
  return parsed(where, '--cluster', '.');
}

export const namesOf = ({ hosts }: ChosenLoadHosts): string[] => hosts.map(({ name }) => name);

/**
 * The hosts of `--load-hosts`, or of `--cluster`, for a command that needs others than this one. Throws usage, with `hint`
 * where there are none.
 */
export async function otherHosts(
  { loadHosts, cluster }: { readonly loadHosts?: string | undefined; readonly cluster?: string | undefined },
  hint: string,
): Promise<readonly LoadHost[]> {
  if (loadHosts === undefined && cluster === undefined) {
    throw new KsweepError('usage', 'no host is named', {
      hint: 'give --load-hosts ssh:HOST1,HOST2, or --cluster NAME for its own load hosts',
    });
  }
  const { hosts } =
    loadHosts === undefined ? await ownOf(cluster ?? '', () => {}) : parsed(loadHosts, '--load-hosts', '.');
  if (hosts.length > 0) return hosts;
  const said = loadHosts === undefined ? `--cluster ${cluster}` : `--load-hosts ${loadHosts}`;
  throw new KsweepError('usage', `${said}: that is no other host than this one`, { hint });
}

interface CellShares {
  readonly cells: readonly string[];
  readonly shares: readonly HostShare[];
}

/** Who runs where, once for all cells that have as many generators. Throws workload-invalid. */
function sharesOfCells(hosts: readonly string[], cells: readonly Cell[]): CellShares[] {
  const found = new Map<string, { readonly cells: string[]; readonly shares: readonly HostShare[] }>();
  for (const { id, workload } of cells) {
    const counts = generatorsOf(workload);
    const placement = place(workload.load.placement, hosts, counts, workload.seed);
    const shares = sharesOf(placement, hosts, counts);
    const key = JSON.stringify(shares);
    const same = found.get(key) ?? { cells: [], shares };
    same.cells.push(id);
    found.set(key, same);
  }
  return [...found.values()];
}

/** Who runs where, for machines; this host where there are no others. Throws workload-invalid. */
export function plannedLoadHosts(
  { kind, hosts }: ChosenLoadHosts,
  cells: readonly Cell[],
): PlannedLoadHost[] {
  const all = hosts.length === 0 ? [{ name: hostname(), rack: null }] : hosts;
  const shares = sharesOfCells(
    all.map(({ name }) => name),
    cells,
  );
  return all.map(({ name, rack }, i) => ({
    host: name,
    kind,
    rack,
    generators: shares.map(({ cells, shares }) => ({
      cells: [...cells],
      producers: shares[i]?.producers ?? 0,
      consumers: shares[i]?.consumers ?? 0,
    })),
  }));
}

/** The same in lines for people; none where this host alone generates the load. Throws workload-invalid. */
export function placementLines(chosen: ChosenLoadHosts, cells: readonly Cell[]): string[] {
  if (chosen.hosts.length === 0) return [];
  const different = sharesOfCells(namesOf(chosen), cells);
  return different.flatMap(({ cells: [first], shares }) => [
    different.length === 1 ? 'load hosts:' : `load hosts of ${first} and those with as many generators:`,
    ...shares.map((share) => `  ${describeShare(share)}`),
  ]);
}
