import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DescribeKeyPairsCommand, ImportKeyPairCommand } from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import { asking, type Ec2 } from './client.ts';
import type { ClusterSpec } from './spec-schema.ts';
import { byTag, type ClusterIdentity, TAG, taggedAs, tagsOf } from './tags.ts';

const home = (path: string): string => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path);

/** The file that ssh reads the private key from; ksweep itself never opens it. */
export const privateKeyFile = (spec: ClusterSpec): string =>
  home(spec.ssh.privateKey ?? spec.ssh.publicKey.replace(/\.pub$/, ''));

/** The text of the public key. Throws spec-invalid where it cannot be read, or is none. */
function readPublicKey(spec: ClusterSpec): string {
  const file = home(spec.ssh.publicKey);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch {
    throw new KsweepError('spec-invalid', `ssh.publicKey: ${file} cannot be read`, {
      hint: 'make a key with `ssh-keygen -t ed25519`, or name another file',
    });
  }
  if (/^(ssh-ed25519|ssh-rsa) [A-Za-z0-9+/=]+/.test(text)) return text;
  throw new KsweepError('spec-invalid', `ssh.publicKey: ${file} is not a public key of ssh`, {
    hint: 'AWS takes ssh-ed25519 and ssh-rsa; the file’s name usually ends in .pub',
  });
}

const keyName = (clusterName: string): string => `ksweep-${clusterName}`;

export async function findKeyPairs(ec2: Ec2, clusterName: string): Promise<string[]> {
  const { KeyPairs = [] } = await asking('looking for key pairs', () =>
    ec2.send(
      new DescribeKeyPairsCommand({
        Filters: [byTag(TAG.cluster, clusterName), byTag(TAG.managedBy, 'ksweep')],
      }),
    ),
  );
  return KeyPairs.flatMap(({ KeyName }) => KeyName ?? []);
}

/** Adopts the cluster's key or imports the public half of the operator's: AWS never sees the private one. */
export async function ensureKeyPair(ec2: Ec2, identity: ClusterIdentity): Promise<string> {
  const { spec } = identity;
  const [found] = await findKeyPairs(ec2, spec.name);
  if (found !== undefined) return found;
  const name = keyName(spec.name);
  const material = Buffer.from(readPublicKey(spec));
  await asking('importing the public key', () =>
    ec2.send(
      new ImportKeyPairCommand({
        KeyName: name,
        PublicKeyMaterial: material,
        TagSpecifications: [taggedAs('key-pair', tagsOf(identity))],
      }),
    ),
  );
  return name;
}
