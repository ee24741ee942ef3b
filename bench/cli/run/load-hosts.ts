import { KsweepError } from '../../common/errors.ts';
import { type LoadHost, parseLoadHosts } from '../../load/agent/load-hosts.ts';
import { describePlacement, place } from '../../load/agent/placement.ts';
import { ownLoadHosts } from '../../run/cluster/provisioned.ts';
import type { LoadedWorkload } from '../../workload/load.ts';
import { type Cell, generatorsOf } from '../../workload/plan.ts';
import type { RunFlags } from './flags.ts';

/**
 * The hosts that generate the load: those of `--load-hosts`, else the workload's, else the own ones of `--cluster`, which
 * is told to `say`; none: this one. Throws usage.
 */
export async function loadHostsOf(
  { loadHosts, cluster, local, bootstrapServer }: RunFlags,
  { workload, source }: LoadedWorkload,
  say: (line: string) => void,
): Promise<LoadHost[]> {
  if (loadHosts !== undefined) return parseLoadHosts(loadHosts, '--load-hosts', '.');
  const { hosts } = workload.load;
  if (hosts !== undefined) return parseLoadHosts(hosts, 'load.hosts', source.baseDir);
  // Beside --cluster these are refused by whoever chooses the cluster.
  if (cluster === undefined || local === true || bootstrapServer !== undefined) return [];
  const { where, why } = await ownLoadHosts(cluster);
  say(why);
  return parseLoadHosts(where, '--cluster', '.');
}

/** The hosts of `--load-hosts` for a command that needs others than this one. Throws usage, with `hint` where there are none. */
export function otherHosts(where: string, hint: string): LoadHost[] {
  const hosts = parseLoadHosts(where, '--load-hosts', '.');
  if (hosts.length > 0) return hosts;
  throw new KsweepError('usage', `--load-hosts ${where}: that is no other host than this one`, { hint });
}

/** Who runs where, in lines for people: once where all cells have as many generators. Throws workload-invalid. */
export function placementLines(hosts: readonly LoadHost[], cells: readonly Cell[]): string[] {
  if (hosts.length === 0) return [];
  const names = hosts.map(({ name }) => name);
  const described = cells.map(({ id, workload }) => {
    const counts = generatorsOf(workload);
    const placement = place(workload.load.placement, names, counts, workload.seed);
    return { id, lines: describePlacement(placement, names, counts) };
  });
  const different = [...new Map(described.map((one) => [one.lines.join(), one])).values()];
  return different.flatMap(({ id, lines }) => [
    different.length === 1 ? 'load hosts:' : `load hosts of ${id} and those with as many generators:`,
    ...lines.map((line) => `  ${line}`),
  ]);
}
