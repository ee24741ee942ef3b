import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import { AGENT_ENVIRONMENT } from '../environment.ts';
import { parseKubernetes } from '../kubernetes/where.ts';
import { loadGroup } from './inventory.ts';

/** A host that generates load, and how an agent is started on it. */
export interface LoadHost {
  readonly name: string;
  /** What stands behind the name where it is one of ksweep's own, such as a pod on a node. */
  readonly at?: string;
  /** A command whose standard streams are the agent's; null: forked, on this host. */
  readonly command: readonly string[] | null;
  /** The command that carries any other one there, given as its last word; absent where only the agent's is known. */
  readonly shell?: readonly string[];
  /** The zone that its consumers fetch from where nothing else is said; null where it is not known. */
  readonly rack: string | null;
}

const KINDS = ['local', 'ssh', 'exec', 'kubernetes'];
/** Nothing that a shell or an option parser would read as more than a name. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const DESTINATION = /^([A-Za-z0-9_][A-Za-z0-9._-]*@)?[A-Za-z0-9_:][A-Za-z0-9._:-]*$/;
const FORMS =
  'expected local, ssh:HOST1,HOST2, ssh:@INVENTORY.yml, exec:HOST1,HOST2:COMMAND with {host}, or kubernetes[:NAMESPACE]';

const POD_SHELL = 'a pod’s image has its ksweep; `ksweep run` names each pod that fails, and why';

/** A host as a failure names it. */
export const calledHost = ({ name, at }: LoadHost): string => (at === undefined ? name : `${name} (${at})`);

/** Where `ksweep agents prepare` puts ksweep, in words that every shell there takes within double quotes. */
export const HOST_FOLDER = '$HOME/.ksweep';

/** What is prepared goes before what is installed. */
const AGENT = [
  'env',
  `"PATH=${HOST_FOLDER}/bin:$PATH"`,
  ...Object.entries(AGENT_ENVIRONMENT).map(([name, value]) => `${name}=${value}`),
  'ksweep agent --stdio',
].join(' ');

/**
 * Reads WHERE of `--load-hosts` and `load.hosts`. Throws usage where it says nothing that can be started.
 * @param said who said it, such as `--load-hosts`
 * @param baseDir what an inventory's path is relative to
 */
export function parseLoadHosts(where: string, said: string, baseDir: string): LoadHost[] {
  const refuse = (message: string, hint?: string): never => {
    throw new KsweepError('usage', `${said} ${where}: ${message}`, hint === undefined ? {} : { hint });
  };
  if (where === 'local') return [];
  if (parseKubernetes(where, said) !== null) {
    refuse('its pods are there only while `ksweep run` is', POD_SHELL);
  }
  const colon = where.indexOf(':');
  const kind = colon === -1 ? where : where.slice(0, colon);
  const rest = colon === -1 ? '' : where.slice(colon + 1);
  if (!KINDS.includes(kind) || colon === -1 || kind === 'local') {
    const guess = nearest(kind, KINDS);
    refuse(guess === undefined ? FORMS : `${FORMS}; did you mean ${guess}?`);
  }
  const names = (text: string): string[] => {
    const all = text.split(',').map((name) => name.trim());
    const twice = all.find((name, i) => all.indexOf(name) !== i);
    if (twice !== undefined && twice !== '') refuse(`${twice} is named twice`);
    return all;
  };
  if (kind === 'ssh') {
    if (rest.startsWith('@')) return inventoryHosts(rest.slice(1), baseDir, refuse);
    return names(rest).map((name) => {
      if (!DESTINATION.test(name)) refuse(`"${name}" is no host that ssh could be told`);
      return { name, ...overSsh(name), rack: null };
    });
  }
  const [hosts = '', ...parts] = rest.split(':');
  const command = parts.join(':').trim();
  if (command === '') refuse('there is no command; expected exec:HOST1,HOST2:COMMAND');
  const all = names(hosts);
  if (all.length > 1 && !command.includes('{host}')) {
    refuse('the command does not say {host}, and would start each agent on the same one');
  }
  return all.map((name) => {
    if (!NAME.test(name)) refuse(`"${name}" is no name of a host`);
    return { name, command: ['sh', '-c', command.replaceAll('{host}', name)], rack: null };
  });
}

function inventoryHosts(
  path: string,
  baseDir: string,
  refuse: (message: string, hint?: string) => never,
): LoadHost[] {
  const file = resolve(baseDir, path);
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    refuse(`the inventory cannot be read: ${(error as Error).message}`);
  }
  return loadGroup(file, text).map(({ name, destination, options, rack }) => {
    if (!DESTINATION.test(destination)) refuse(`"${destination}" is no host that ssh could be told`);
    return { name, ...overSsh(destination, options), rack };
  });
}

/** Keys, jump hosts and known hosts are those of the user's ssh; nobody is there to type a password. */
function overSsh(destination: string, options: readonly string[] = []): Pick<LoadHost, 'command' | 'shell'> {
  const shell = ['ssh', '-T', '-o', 'BatchMode=yes', ...options, '--', destination];
  return { command: [...shell, AGENT], shell };
}
