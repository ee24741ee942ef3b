import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadGroup } from '../../../../bench/load/agent/inventory.ts';
import { parseLoadHosts } from '../../../../bench/load/agent/load-hosts.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('load hosts');

const parse = (where: string, baseDir = '.') => parseLoadHosts(where, '--load-hosts', baseDir);

const INVENTORY = `
all:
  vars: { ansible_user: ec2-user }
  children:
    kafka: { hosts: { broker-1: { ansible_host: 192.0.2.1 } } }
    load:
      hosts:
        load-1:
          ansible_host: 192.0.2.11
          ansible_ssh_private_key_file: key
          ansible_ssh_extra_args: -o HostKeyAlias=load-1 -o "UserKnownHostsFile=my hosts"
          ksweep_rack: eu-central-1a
        load-2: { ansible_user: me }
`;

test('local is no other host', () => {
  assert.equal(parse('local'), []);
});

test('ssh: one command a host, which asks nobody anything', () => {
  const [first, second] = parse('ssh:one,me@two.example');
  assert.is(second?.name, 'me@two.example');
  assert.equal(first?.command?.slice(0, 6), ['ssh', '-T', '-o', 'BatchMode=yes', '--', 'one']);
  assert.match(
    first?.command?.[6] ?? '',
    /^env "PATH=\$HOME\/\.ksweep\/bin:\$PATH" UV_THREADPOOL_SIZE=8 GLIBC_TUNABLES=\S+ ksweep agent --stdio$/,
  );
});

test('ssh: the group load of an inventory, with address, user and zone', () => {
  assert.equal(loadGroup('hosts.yml', INVENTORY), [
    {
      name: 'load-1',
      destination: 'ec2-user@192.0.2.11',
      options: ['-i', 'key', '-o', 'HostKeyAlias=load-1', '-o', 'UserKnownHostsFile=my hosts'],
      rack: 'eu-central-1a',
    },
    { name: 'load-2', destination: 'me@load-2', options: [], rack: null },
  ]);
  assert.throws(
    () => loadGroup('hosts.yml', 'all: { children: { load: { hosts: {} } } }'),
    /no host is in the group load/,
  );
  const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  writeFileSync(join(dir, 'hosts.yml'), INVENTORY);
  assert.equal(
    parse('ssh:@hosts.yml', dir).map(({ name, rack }) => [name, rack]),
    [
      ['load-1', 'eu-central-1a'],
      ['load-2', null],
    ],
  );
  rmSync(dir, { recursive: true });
});

test('exec: any command, with the name of each host in it', () => {
  assert.equal(parse('exec:a,b:docker exec -i {host} ksweep agent --stdio'), [
    { name: 'a', command: ['sh', '-c', 'docker exec -i a ksweep agent --stdio'], rack: null },
    { name: 'b', command: ['sh', '-c', 'docker exec -i b ksweep agent --stdio'], rack: null },
  ]);
});

test('what cannot be meant is refused in words', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['shh:one', /--load-hosts shh:one: expected local, ssh:.*did you mean ssh\?/],
    ['local:one', /expected local/],
    ['', /expected local/],
    ['ssh:', /"" is no host/],
    ['ssh:one,-oProxyCommand=x', /"-oProxyCommand=x" is no host/],
    ['ssh:one,one', /one is named twice/],
    ['ssh:@nowhere.yml', /the inventory cannot be read: ENOENT/],
    ['exec:a', /there is no command/],
    ['exec:a,b:ksweep agent --stdio', /does not say \{host\}/],
    ['exec:a;b:ksweep {host}', /"a;b" is no name/],
    ['kubernetes:bench', /its pods are there only while/],
    ['kubernetes:Bench', /"Bench" is no namespace/],
    ['kubernets', /did you mean kubernetes\?/],
  ];
  for (const [where, message] of refused) assert.throws(() => parse(where), message);
});

test.run();
