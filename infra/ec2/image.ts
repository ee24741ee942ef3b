import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import type { InstanceType } from '../catalog/schema.ts';
import { asking, type Ec2 } from './client.ts';
import type { ClusterSpec } from './spec-schema.ts';

export type Arch = InstanceType['arch'];

/** The user that the image's ssh takes. */
export const SSH_USER = { al2023: 'ec2-user', 'ubuntu-24.04': 'ubuntu' } as const;

const SOURCES = {
  // Amazon's own account.
  al2023: { owner: '137112412989', name: (arch: Arch) => `al2023-ami-2023.*-kernel-6.1-${arch}` },
  // Canonical.
  'ubuntu-24.04': {
    owner: '099720109477',
    name: (arch: Arch) =>
      `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${arch === 'arm64' ? 'arm64' : 'amd64'}-server-*`,
  },
} as const;

/** The newest image of the spec's system for an architecture. Throws aws-failed where there is none. */
export async function newestImage(ec2: Ec2, spec: ClusterSpec, arch: Arch): Promise<string> {
  const { owner, name } = SOURCES[spec.image.os];
  const { Images = [] } = await asking(`looking for an image of ${spec.image.os}`, () =>
    ec2.send(
      new DescribeImagesCommand({
        Owners: [owner],
        Filters: [
          { Name: 'name', Values: [name(arch)] },
          { Name: 'architecture', Values: [arch] },
          { Name: 'state', Values: ['available'] },
        ],
      }),
    ),
  );
  const newest = [...Images].sort((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''))[0];
  if (newest?.ImageId !== undefined) return newest.ImageId;
  throw new KsweepError('aws-failed', `${spec.region} has no image ${name(arch)}`, {
    hint: 'set image.id in the spec to one that you may use',
  });
}

/** The device that an image boots from. Throws aws-failed where the account cannot see the image. */
export async function rootDeviceOf(ec2: Ec2, imageId: string): Promise<string> {
  const { Images = [] } = await asking(`reading image ${imageId}`, () =>
    ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] })),
  );
  const device = Images[0]?.RootDeviceName;
  if (device !== undefined) return device;
  throw new KsweepError('aws-failed', `image ${imageId} is not there, or not for this account`);
}
