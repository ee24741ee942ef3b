import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { KsweepError } from '../../bench/common/errors.ts';
import { PLAYBOOKS, runTool } from './ansible.ts';
import { SSH_USER } from './image.ts';
import { ansibleInventory, type Inventory, type InventoryHost } from './inventory.ts';
import { clusterFolder } from './journal.ts';
import { privateKeyFile } from './key.ts';
import type { ClusterSpec } from './spec-schema.ts';
import { EXPIRY_FILE } from './user-data.ts';

/** Commands on the hosts over the operator's own ssh. */

type OnLine = (line: string) => void;

function sshWords(spec: ClusterSpec, host: InventoryHost): string[] {
  return [
    ...['-i', privateKeyFile(spec), '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'],
    // Addresses change hands when a cluster is switched on: a key belongs to the host's name.
    ...['-o', 'StrictHostKeyChecking=accept-new', '-o', `HostKeyAlias=${host.name}`],
    ...['-o', `UserKnownHostsFile=${join(clusterFolder(spec.name), 'known_hosts')}`],
    `${SSH_USER[spec.image.os]}@${host.publicIp ?? host.privateIp}`,
  ];
}

/** Runs a shell command on a host. Throws ansible-failed with what it printed. */
async function onHost(
  spec: ClusterSpec,
  host: InventoryHost,
  command: string,
  input?: Buffer,
): Promise<string> {
  const lines = await runTool('ssh', [...sshWords(spec, host), command], {
    what: `ssh to ${host.name}`,
    onLine: () => {},
    ...(input === undefined ? {} : { input }),
  });
  return lines.join('\n');
}

const SSH_ATTEMPTS = 30;

/** A host that AWS calls running needs a little longer until it answers. */
export async function waitForSsh(
  spec: ClusterSpec,
  inventory: Inventory,
  onLine: OnLine,
  everyMs = 5_000,
): Promise<void> {
  onLine('waiting until the hosts answer to ssh');
  for (const host of inventory.hosts) {
    for (let attempt = 1; ; attempt++) {
      try {
        await onHost(spec, host, 'true');
        break;
      } catch (error) {
        if (attempt < SSH_ATTEMPTS) {
          await new Promise((resolve) => setTimeout(resolve, everyMs));
          continue;
        }
        const details = error instanceof KsweepError ? error.details : [];
        throw new KsweepError('ansible-failed', `${host.name} does not answer to ssh`, {
          details,
          hint: 'check operatorCidr against your address now, and the key under ssh',
        });
      }
    }
  }
}

/** Tells every host its new end of time: within the grace after a boot, or it ends itself. */
export async function extendHosts(spec: ClusterSpec, inventory: Inventory): Promise<void> {
  const seconds = Math.floor(Date.parse(inventory.expiresAt) / 1000);
  await Promise.all(
    inventory.hosts.map((host) => onHost(spec, host, `echo ${seconds} | sudo tee ${EXPIRY_FILE} >/dev/null`)),
  );
}

const REMOTE = '.ksweep-ansible';

/**
 * Runs the playbooks on the cluster's Ansible host, as the notes do. It gets the playbooks, the inventory with private
 * addresses and a key of its own, made there, whose public half the others are told: the operator's key stays here.
 */
export async function playFromAnsibleHost(
  spec: ClusterSpec,
  inventory: Inventory,
  playbooks: readonly string[],
  onLine: OnLine,
): Promise<void> {
  const host = inventory.hosts.find(({ role }) => role === 'ansible');
  if (host === undefined) {
    throw new KsweepError('spec-invalid', `${spec.name} has no role ansible`, {
      hint: 'add one to the spec, or configure from here without --from-ansible-host',
    });
  }
  onLine(`${host.name}: a key of its own`);
  const publicKey = (
    await onHost(
      spec,
      host,
      `mkdir -p ~/${REMOTE} && { test -f ~/${REMOTE}/key || ssh-keygen -q -t ed25519 -N '' -C ${host.name} -f ~/${REMOTE}/key; } && cat ~/${REMOTE}/key.pub`,
    )
  ).trim();
  if (!/^ssh-ed25519 [A-Za-z0-9+/=]+ [\w.-]+$/.test(publicKey)) {
    throw new KsweepError('ansible-failed', `${host.name} made no key: ${publicKey.slice(0, 200)}`);
  }
  await Promise.all(
    inventory.hosts.map((other) =>
      onHost(
        spec,
        other,
        `mkdir -p ~/.ssh && chmod 700 ~/.ssh && { grep -qxF '${publicKey}' ~/.ssh/authorized_keys || echo '${publicKey}' >>~/.ssh/authorized_keys; } && chmod 600 ~/.ssh/authorized_keys`,
      ),
    ),
  );
  onLine(`${host.name}: playbooks and inventory`);
  const archive = await packed('ansible', 'local');
  await onHost(spec, host, `mkdir -p ~/${REMOTE}/infra && tar -xzf - -C ~/${REMOTE}/infra`, archive);
  const there = { privateKey: `~/${REMOTE}/key`, knownHosts: `~/${REMOTE}/known_hosts` };
  const text = ansibleInventory(spec, inventory, 'ansible-host', there);
  await onHost(spec, host, `cat >~/${REMOTE}/inventory.yml`, Buffer.from(text));
  onLine(`${host.name}: the pinned ansible-core`);
  await onHost(
    spec,
    host,
    `cd ~/${REMOTE} && { test -x venv/bin/ansible-playbook || { python3 -m venv venv && venv/bin/pip install --quiet -r infra/ansible/requirements.txt; }; }`,
  );
  for (const playbook of playbooks) {
    onLine(`${host.name}: playbook ${playbook}.yml`);
    await onHost(
      spec,
      host,
      `cd ~/${REMOTE}/infra/ansible && ../../venv/bin/ansible-playbook -i ../../inventory.yml ${playbook}.yml`,
    );
  }
}

/** Folders of infra/ as a tar: the playbooks take Kafka's jars by the pom of the local cluster. */
function packed(...names: string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile(
      'tar',
      ['-czf', '-', '-C', join(PLAYBOOKS(), '..'), ...names],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) =>
        error === null
          ? resolve(stdout)
          : reject(new KsweepError('ansible-failed', `packing the playbooks: ${error.message}`)),
    );
  });
}

/** What `ksweep run --cluster` on a load host reads: the inventory, without the operator's files. */
export async function shareInventory(spec: ClusterSpec, inventory: Inventory): Promise<void> {
  const text = Buffer.from(`${JSON.stringify(inventory, null, 2)}\n`);
  const folder = `/etc/ksweep/clusters/${spec.name}`;
  await Promise.all(
    inventory.hosts
      .filter(({ role }) => role === 'load')
      .map((host) =>
        onHost(spec, host, `sudo mkdir -p ${folder} && sudo tee ${folder}/cluster.json >/dev/null`, text),
      ),
  );
}
