import * as assert from 'uvu/assert';
import { type LocalCluster, startLocalCluster } from '../../infra/local/cluster.ts';
import { startKsweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const test = suite('brokers that advertise where nobody can reach them', { timeoutMs: 90_000 });
let cluster: LocalCluster;

test.before(async () => {
  cluster = await startLocalCluster({
    brokers: 1,
    // What a broker in a container says that was not told its host's name; nobody listens on port 1.
    brokerConfigs: { 'advertised.listeners': 'CLIENT://127.0.0.1:1,BROKER://127.0.0.1:1' },
  });
});
test.after(() => cluster?.stop());

test('the address is named, with advertised.listeners as what to mend', async () => {
  const { code, stderr } = await startKsweep(['doctor', '--bootstrap-server', cluster.bootstrapServers])
    .ended;
  assert.is(code, 2, stderr);
  assert.match(stderr, /broker \d+ advertises 127\.0\.0\.1:1: nobody listens there/);
  assert.match(stderr, /advertised\.listeners/);
});

test.run();
