import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { chooseClient } from '../../bench/client/choose.ts';
import { isPortOpen } from '../../bench/load/agent/port-open.ts';
import type { PreparedHost } from '../../bench/load/agent/prepare.ts';
import { freePorts, LOOPBACK } from '../../infra/local/ports.ts';
import { ksweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

// The host builds what it has no prebuilt form of: minutes on a busy machine.
const test = suite('agents prepare by a real npm over a real ssh', { timeoutMs: 900_000 });
const SSHD = '/usr/sbin/sshd';

/** Why this machine cannot play the host; undefined where it can. */
function whyNot(): string | undefined {
  if (!existsSync(SSHD)) return `${SSHD} is missing (Debian: openssh-server)`;
  for (const tool of ['ssh', 'ssh-keygen', 'npm']) {
    if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) return `${tool} is missing`;
  }
  return undefined;
}

const npmSetting = (name: string): string =>
  execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim();

const why = whyNot();
if (why !== undefined) {
  console.log(`# skipped, no ssh server: ${why}`);
  test(`skipped: ${why}`, () => assert.ok(why.length > 0));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-real-npm-'));
  const at = (name: string): string => join(folder, name);
  const inventory = at('inventory.yml');
  let server: ChildProcess | undefined;

  /** sshd on loopback, whose commands get a home of their own, and of this machine npm's cache and registry alone. */
  test.before(async () => {
    for (const name of ['host_key', 'key']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
    }
    mkdirSync(at('home'));
    const ca = process.env['NODE_EXTRA_CA_CERTS'];
    const login = [
      '#!/bin/sh',
      `export HOME='${at('home')}' PATH='${dirname(process.execPath)}':/usr/local/bin:/usr/bin:/bin`,
      `export npm_config_cache='${npmSetting('cache')}' npm_config_registry='${npmSetting('registry')}'`,
      'export npm_config_prefer_offline=true',
      // Where this machine's way to the registry is vouched for by an authority of its own.
      ...(ca === undefined ? [] : [`export NODE_EXTRA_CA_CERTS='${ca}'`]),
      'cd "$HOME" && exec sh -c "$SSH_ORIGINAL_COMMAND"',
    ];
    writeFileSync(at('login'), login.join('\n'));
    chmodSync(at('login'), 0o755);
    const [port = 0] = await freePorts(1);
    const config = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host_key')}`,
      `AuthorizedKeysFile ${at('key.pub')}`,
      `ForceCommand ${at('login')}`,
      `PidFile ${at('pid')}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'StrictModes no',
    ];
    writeFileSync(at('sshd_config'), config.join('\n'));
    // Where it parts its rights; there already where the system itself runs one.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    server = spawn(SSHD, ['-D', '-e', '-f', at('sshd_config')], { stdio: 'ignore' });
    await until('sshd listens', () => isPortOpen({ host: LOOPBACK, port }));
    const [kind, key] = readFileSync(at('host_key.pub'), 'utf8').split(' ');
    writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${kind} ${key}\n`);
    const host = {
      ansible_host: '127.0.0.1',
      ansible_port: port,
      ansible_user: userInfo().username,
      ansible_ssh_private_key_file: at('key'),
      ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${at('known_hosts')}`,
    };
    // JSON is YAML.
    writeFileSync(inventory, JSON.stringify({ load: { hosts: { real: host } } }));
  });
  test.after(() => {
    server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const prepare = async (): Promise<PreparedHost> => {
    const words = ['agents', 'prepare', '--load-hosts', `ssh:@${inventory}`, '--json'];
    const { code, stdout, stderr } = await ksweep(words);
    assert.is(code, 0, stdout + stderr);
    const [host] = JSON.parse(stdout) as PreparedHost[];
    assert.ok(host !== undefined);
    return host;
  };

  test('a fresh home gets this very package with a client that was built there, and is left alone next time', async () => {
    const first = await prepare();
    assert.equal([first.did, first.before], ['installed', null]);
    assert.is(first.after?.client, chooseClient().name);
    const installed = join(at('home'), '.ksweep', 'lib', 'node_modules', 'ksweep');
    assert.not.ok(existsSync(at('home/.npm')), 'npm took the cache of this machine');
    if (chooseClient().name === 'batch') {
      assert.ok(existsSync(join(installed, 'dist', 'native', 'ksweep-batch.node')));
    }
    const check = await ksweep(['agents', 'check', '--load-hosts', `ssh:@${inventory}`, '--json']);
    assert.is(check.code, 0, check.stdout);
    const again = await prepare();
    assert.is(again.did, 'left alone');
    assert.equal(again.before, first.after);
  });
}

test.run();
