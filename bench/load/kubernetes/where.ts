import { KsweepError } from '../../common/errors.ts';

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Whether WHERE of `--load-hosts` and `load.hosts` is pods of Kubernetes, and in which namespace; `namespace` null: the
 * context's own. Null where it is something else. Throws usage.
 * @param said who said it, such as `--load-hosts`
 */
export function parseKubernetes(where: string, said: string): { readonly namespace: string | null } | null {
  if (where === 'kubernetes') return { namespace: null };
  if (!where.startsWith('kubernetes:')) return null;
  const namespace = where.slice('kubernetes:'.length);
  if (NAMESPACE.test(namespace)) return { namespace };
  throw new KsweepError('usage', `${said} ${where}: "${namespace}" is no namespace of Kubernetes`, {
    hint: 'expected kubernetes or kubernetes:NAMESPACE; the image and the number of pods are in load.kubernetes',
  });
}

/** What the pods of a run are called as load hosts, also before there are any. */
export const podHosts = (pods: number): string[] => Array.from({ length: pods }, (_, i) => `pod-${i}`);
