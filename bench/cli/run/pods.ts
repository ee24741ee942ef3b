import { KsweepError } from '../../common/errors.ts';
import type { LoadHost } from '../../load/agent/load-hosts.ts';
import type { WantedPods } from '../../load/kubernetes/start.ts';
import { parseKubernetes, podHosts } from '../../load/kubernetes/where.ts';
import type { Workload } from '../../workload/schema.ts';

/**
 * The pods that generate the load, where `--load-hosts` or else the workload says so; null where something else does.
 * Throws usage.
 */
export function wantedPods(
  { loadHosts }: { readonly loadHosts?: string },
  { name, load }: Pick<Workload, 'name' | 'load'>,
): WantedPods | null {
  const said = loadHosts === undefined ? 'load.hosts' : '--load-hosts';
  const where = loadHosts ?? load.hosts;
  const parsed = where === undefined ? null : parseKubernetes(where, said);
  if (parsed === null) return null;
  if (load.kubernetes === undefined) {
    throw new KsweepError('usage', `${said} ${where}: the workload does not say what the pods are`, {
      hint: 'give it load.kubernetes.image, as with --set load.kubernetes.image=IMAGE; docs/load-hosts.md has the rest',
    });
  }
  return { ...parsed, workload: name, pods: load.kubernetes };
}

/** The pods as load hosts before there are any: by name, for a plan, and nothing can be started on them. */
export const plannedPods = ({ pods }: WantedPods): LoadHost[] =>
  podHosts(pods.pods).map((name) => ({ name, command: [], rack: null }));
