import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelSpotInstanceRequestsCommand,
  DeletePlacementGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribePlacementGroupsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
  StartInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { awsError, isCapacityError } from '../../../../infra/ec2/aws-errors.ts';
import { isStillThere, waitForState } from '../../../../infra/ec2/instances.ts';
import { clusterFolder, Journal } from '../../../../infra/ec2/journal.ts';
import { type LaunchSite, launchRole } from '../../../../infra/ec2/launch.ts';
import { startHosts } from '../../../../infra/ec2/power.ts';
import { preflight } from '../../../../infra/ec2/preflight.ts';
import { tearDown } from '../../../../infra/ec2/teardown.ts';
import { userData } from '../../../../infra/ec2/user-data.ts';
import { catalog, instance, shippedSpec } from '../../../support/ec2-spec.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('EC2 where the emulator does not go');
const patience = { everyMs: 1, limitMs: 5_000 };
const folder = mkdtempSync(join(tmpdir(), 'ksweep-ec2-'));
process.env['KSWEEP_EC2_STATE'] = folder;
const client = (): EC2Client => new EC2Client({ region: 'us-east-1' });
const mock = mockClient(EC2Client);

/** Every test begins with an account that has nothing. */
function awsTest(name: string, run: () => unknown): void {
  test(name, async () => {
    reset();
    await run();
  });
}

function reset(): void {
  mock.reset();
  mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
  mock.on(DescribeSpotInstanceRequestsCommand).resolves({ SpotInstanceRequests: [] });
  mock.on(DescribeVolumesCommand).resolves({ Volumes: [] });
  mock.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [] });
  mock.on(DescribeKeyPairsCommand).resolves({ KeyPairs: [] });
  mock.on(DescribePlacementGroupsCommand).resolves({ PlacementGroups: [] });
}
test.after(() => {
  mock.restore();
  rmSync(folder, { recursive: true, force: true });
});

const named = (code: string): Error => Object.assign(new Error(`${code} for the test`), { name: code });

function site(file: string): LaunchSite {
  return {
    identity: { spec: shippedSpec(file).spec, clusterId: 'abc', expiresAt: '2030-01-01T00:00:00.000Z' },
    imageOf: async () => ({ imageId: 'ami-1', rootDevice: '/dev/xvda' }),
    keyName: 'key',
    securityGroupId: 'sg-1',
    subnetOf: () => 'subnet-1',
    placementGroup: async () => 'group',
  };
}

awsTest(
  'a spot role without capacity: requests are cancelled before what was launched is ended',
  async () => {
    const { spec } = shippedSpec('spot-nightly.yaml');
    let launches = 0;
    mock.on(RunInstancesCommand).callsFake(({ InstanceType }) => {
      launches++;
      if (InstanceType === 'm6i.large' && launches > 1) throw named('InsufficientInstanceCapacity');
      return { Instances: [{ InstanceId: `i-${launches}` }] };
    });
    const order: string[] = [];
    mock
      .on(DescribeSpotInstanceRequestsCommand)
      .resolves({ SpotInstanceRequests: [{ SpotInstanceRequestId: 'sir-1' }] });
    mock.on(CancelSpotInstanceRequestsCommand).callsFake(() => order.push('cancel'));
    mock.on(TerminateInstancesCommand).callsFake(({ InstanceIds }) => order.push(`terminate ${InstanceIds}`));
    const journal = new Journal(join(folder, 'capacity'));
    const launched = await launchRole(
      { ec2: client(), journal, site: site('spot-nightly.yaml'), onLine: () => {}, patience },
      'broker',
      spec.roles.broker,
    );
    assert.equal(order, ['cancel', 'terminate i-1']);
    assert.equal(
      launched.map(({ instanceId }) => instanceId),
      ['i-3', 'i-4', 'i-5'],
    );
    assert.is(journal.last('given-up')?.reason, 'InsufficientInstanceCapacity');
  },
);

awsTest('without any capacity nothing of the role is left, and the next step is said', async () => {
  const { spec } = shippedSpec('kraft-m7g.yaml');
  mock.on(RunInstancesCommand).rejects(named('InsufficientInstanceCapacity'));
  const options = {
    ec2: client(),
    journal: new Journal(join(folder, 'none')),
    site: site('kraft-m7g.yaml'),
    onLine: () => {},
    patience,
  };
  const error = await launchRole(options, 'broker', spec.roles.broker).catch((thrown: unknown) => thrown);
  assert.instance(error, KsweepError);
  assert.match((error as KsweepError).hint ?? '', /fallbackTypes/);
  assert.is(mock.commandCalls(TerminateInstancesCommand).length, 0);
});

awsTest(
  'the request says at once what the host is: encrypted, IMDSv2, tagged, with credits and an end of its own',
  async () => {
    const { spec } = shippedSpec('notes.yaml');
    const role = { ...spec.roles.broker, count: 1, cpuCredits: 'unlimited' as const };
    mock.on(RunInstancesCommand).resolves({ Instances: [{ InstanceId: 'i-1' }] });
    const options = {
      ec2: client(),
      journal: new Journal(join(folder, 'request')),
      site: {
        ...site('notes.yaml'),
        identity: {
          ...site('notes.yaml').identity,
          spec: { ...spec, roles: { ...spec.roles, broker: role } },
        },
      },
      onLine: () => {},
      patience,
    };
    await launchRole(options, 'broker', role);
    const input = mock.commandCalls(RunInstancesCommand)[0]?.args[0].input;
    assert.equal(input?.CreditSpecification, { CpuCredits: 'unlimited' });
    assert.is(input?.MetadataOptions?.HttpTokens, 'required');
    assert.ok(
      input?.BlockDeviceMappings?.every(
        ({ Ebs }) => Ebs?.Encrypted === true && Ebs.DeleteOnTermination === true,
      ),
    );
    assert.is(input?.InstanceInitiatedShutdownBehavior, 'terminate');
    assert.equal([input?.MinCount, input?.MaxCount], [1, 1]);
    assert.equal(
      input?.TagSpecifications?.map(({ ResourceType }) => ResourceType),
      ['instance', 'volume', 'network-interface'],
    );
    assert.match(Buffer.from(input?.UserData ?? '', 'base64').toString(), /OnBootSec=20min/);
  },
);

awsTest('a host that AWS does not show once is not launched again', async () => {
  mock
    .on(DescribeInstancesCommand)
    .resolvesOnce({ Reservations: [] })
    .resolves({ Reservations: [{ Instances: [instance('a', 'i-1')] }] });
  assert.is(await isStillThere(client(), 'i-1', patience), true);
  mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
  assert.is(await isStillThere(client(), 'i-1', patience), false);
});

awsTest('an instance that ends instead of running is an error with its reason', async () => {
  mock.on(DescribeInstancesCommand).resolves({
    Reservations: [
      {
        Instances: [instance('a', 'i-1', 'terminated', { StateReason: { Message: 'Client.InvalidKMSKey' } })],
      },
    ],
  });
  const error = await waitForState(client(), ['i-1'], 'running', patience).catch((thrown: unknown) => thrown);
  assert.match(String(error), /i-1 ended instead of being running: Client\.InvalidKMSKey/);
});

awsTest(
  'down goes in order, insists while something still holds on, and proves that all is gone',
  async () => {
    let terminated = false;
    let groupThere = true;
    let placement = true;
    const order: string[] = [];
    mock.on(DescribeInstancesCommand).callsFake(() => ({
      Reservations: [{ Instances: [instance('a', 'i-1', terminated ? 'terminated' : 'running')] }],
    }));
    mock.on(DescribeSpotInstanceRequestsCommand).callsFake(() => ({
      SpotInstanceRequests: order.length === 0 ? [{ SpotInstanceRequestId: 'sir-1' }] : [],
    }));
    mock.on(CancelSpotInstanceRequestsCommand).callsFake(() => order.push('spot'));
    mock.on(TerminateInstancesCommand).callsFake(() => {
      terminated = true;
      order.push('instances');
    });
    mock
      .on(DescribeSecurityGroupsCommand)
      .callsFake(() => ({ SecurityGroups: groupThere ? [{ GroupId: 'sg-1' }] : [] }));
    let refusals = 0;
    mock.on(DeleteSecurityGroupCommand).callsFake(() => {
      if (refusals++ < 3) throw named('DependencyViolation');
      groupThere = false;
      order.push('group');
    });
    mock
      .on(DescribePlacementGroupsCommand)
      .callsFake(() => ({ PlacementGroups: placement ? [{ State: 'available' }] : [] }));
    mock.on(DeletePlacementGroupCommand).callsFake(() => {
      placement = false;
      order.push('placement');
    });
    const removed = await tearDown(client(), { name: 'x', placementGroup: true }, () => {}, patience);
    assert.equal(order, ['spot', 'instances', 'group', 'placement']);
    assert.equal(removed.spotRequests, ['sir-1']);
    assert.is(refusals, 4);
  },
);

awsTest('what is left after down is named', async () => {
  mock.on(DescribeVolumesCommand).resolves({ Volumes: [{ VolumeId: 'vol-1' }] });
  const error = await tearDown(client(), { name: 'x', placementGroup: false }, () => {}, patience).catch(
    (thrown: unknown) => thrown,
  );
  assert.equal((error as KsweepError).details, ['volume vol-1']);
});

awsTest('start waits until a spot request lets its instance go on, and gives it a new end', async () => {
  const loaded = shippedSpec('spot-nightly.yaml');
  new Journal(clusterFolder('nightly')).append({
    event: 'begun',
    clusterId: 'abc',
    region: 'us-east-1',
    specSha256: loaded.sha256,
    expiresAt: '2020-01-01T00:00:00.000Z',
  });
  const names = ['kafka01', 'kafka02', 'kafka03', 'load01'].map((name) => `${name}.nightly.internal`);
  let state = 'stopped';
  mock.on(DescribeInstancesCommand).callsFake(() => ({
    Reservations: [{ Instances: names.map((name, i) => instance(name, `i-${'1'.repeat(i + 1)}`, state)) }],
  }));
  mock.on(DescribeInstanceCreditSpecificationsCommand).resolves({});
  let tries = 0;
  mock.on(StartInstancesCommand).callsFake(() => {
    if (tries++ < 2) throw named('IncorrectSpotRequestState');
    state = 'running';
  });
  const inventory = await startHosts({ ec2: client(), loaded, onLine: () => {}, patience });
  assert.is(tries, 3);
  assert.ok(Date.parse(inventory.expiresAt) > Date.now());
  assert.is(inventory.hosts.length, 4);
});

awsTest('quotas are checked where they are visible', async () => {
  const quotas = mockClient(ServiceQuotasClient);
  quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [{ QuotaCode: 'L-1216C47A', Value: 8 }] });
  mock.onAnyCommand().resolves({});
  const checks = await preflight(
    client(),
    new ServiceQuotasClient({ region: 'us-east-1' }),
    shippedSpec('kraft-m7g.yaml').spec,
    catalog,
  );
  const quota = checks.find(({ what }) => what.startsWith('vCPU'));
  assert.is(quota?.state, 'failed');
  assert.is(quota?.detail, '14 wanted, 0 in use, 8 allowed');
  assert.equal(
    checks.filter(({ state }) => state === 'failed').length,
    5,
    'an account that offers nothing passes nothing',
  );
  quotas.restore();
});

awsTest('errors of AWS come in words, with the next step', () => {
  assert.ok(isCapacityError(named('InsufficientInstanceCapacity')));
  assert.not(isCapacityError(named('UnauthorizedOperation')));
  const forbidden = awsError(
    'launching',
    Object.assign(new Error('You are not. Encoded authorization failure message: abcdef'), {
      name: 'UnauthorizedOperation',
    }),
  );
  assert.is(forbidden.message, 'launching: UnauthorizedOperation: You are not.');
  assert.match(forbidden.hint ?? '', /policy/);
  assert.match(awsError('asking', named('VcpuLimitExceeded')).hint ?? '', /Service Quotas/);
});

awsTest('user data is a shell script that ends a host whose time is over, and none whose time is not', () => {
  const script = userData('a.foo.bar', new Date(1_700_000_000_000));
  execFileSync('sh', ['-n'], { input: script });
  const expire = /<<'SCRIPT'\n([\s\S]*?)\nSCRIPT/.exec(script)?.[1] ?? '';
  const file = join(folder, 'expires-at');
  const run = (content: string): string => {
    writeFileSync(file, content);
    const local = expire.replaceAll('/etc/ksweep/expires-at', file).replace('systemctl poweroff', 'echo off');
    return execFileSync('sh', ['-c', local]).toString().trim();
  };
  assert.is(run('1700000000'), 'off');
  assert.is(run(String(Math.floor(Date.now() / 1000) + 60)), '');
  assert.is(run('rubbish'), 'off');
});

test.run();
