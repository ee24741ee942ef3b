import { z } from 'zod';
import { KsweepError } from '../../common/errors.ts';
import { own } from '../../common/own.ts';
import { parseYaml } from '../../common/yaml/yaml-source.ts';

/** A host of an Ansible inventory, as ssh is to reach it. */
export interface InventoryHost {
  readonly name: string;
  /** What ssh is told: user and address where they are given. */
  readonly destination: string;
  /** Options for ssh that the inventory gives. */
  readonly options: readonly string[];
  readonly rack: string | null;
}

const GROUP = 'load';
const variables = z.record(z.string(), z.unknown()).nullish();
const groupSchema = z.looseObject({
  hosts: z.record(z.string(), variables).nullish(),
  vars: variables,
  children: z.record(z.string(), z.unknown()).nullish(),
});

type Variables = Readonly<Record<string, unknown>>;

/**
 * The hosts of the group `load`, wherever in the tree it stands, with the variables of the groups around it.
 * Of Ansible's variables it reads ansible_host, ansible_port, ansible_user, ansible_ssh_private_key_file and
 * ansible_ssh_common_args and ansible_ssh_extra_args, and ksweep_rack. Throws usage where there are none.
 */
export function loadGroup(file: string, text: string): InventoryHost[] {
  const found = new Map<string, Variables>();
  const walk = (name: string, value: unknown, around: Variables, within: boolean): void => {
    const parsed = groupSchema.safeParse(value ?? {});
    if (!parsed.success) {
      throw new KsweepError('usage', `${file}: the group ${name} is none that Ansible would read`, {
        details: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
      });
    }
    const { hosts, vars, children } = parsed.data;
    const inside = within || name === GROUP;
    const known = { ...around, ...vars };
    for (const [host, own] of Object.entries(hosts ?? {})) {
      if (inside) found.set(host, { ...found.get(host), ...known, ...own });
    }
    for (const [child, below] of Object.entries(children ?? {})) walk(child, below, known, inside);
  };
  const { value } = parseYaml(file, text);
  if (typeof value === 'object' && value !== null) {
    for (const [name, group] of Object.entries(value)) walk(name, group, {}, false);
  }
  if (found.size === 0) {
    throw new KsweepError('usage', `${file}: no host is in the group ${GROUP}`, {
      hint: 'put load hosts there, or name them: ssh:HOST1,HOST2',
    });
  }
  return [...found].map(([name, vars]) => {
    const word = (key: string): string | null => {
      const value = own(vars, key);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
    };
    const address = word('ansible_host') ?? name;
    const user = word('ansible_user');
    const [port, key] = [word('ansible_port'), word('ansible_ssh_private_key_file')];
    return {
      name,
      destination: user === null ? address : `${user}@${address}`,
      options: [
        ...(port === null ? [] : ['-p', port]),
        ...(key === null ? [] : ['-i', key]),
        ...wordsOf(word('ansible_ssh_common_args') ?? ''),
        ...wordsOf(word('ansible_ssh_extra_args') ?? ''),
      ],
      rack: word('ksweep_rack'),
    };
  });
}

/** As a shell would part them: by spaces, but for what is in quotes. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single),
  );
