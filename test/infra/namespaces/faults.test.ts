import * as assert from 'uvu/assert';
import { KafkaBench } from '../../support/kafka-run.ts';
import { isLeftOut } from '../../support/left-out.ts';
import { suite } from '../../support/suite.ts';
import { describe, FAULT_NAMES, FAULTS, Faults } from './faults.ts';
import { SshHosts, whyNoHosts } from './ssh-hosts.ts';

/** `npm run faults:hosts` does twenty of each; here it is one of each, at the same moments in every run. */
const test = suite('faults of load hosts', { timeoutMs: 120_000 });
const SEED = 14;

if (!isLeftOut(test, whyNoHosts())) {
  const hosts = new SshHosts(3);
  const bench = new KafkaBench();
  test.before(async () => {
    await hosts.up();
    await bench.start(1, {}, hosts.network.address);
  });
  test.after(async () => {
    // First: their scratch lies within the temporary folder that goes with the broker.
    hosts.down();
    await bench.stop();
  });

  for (const [index, fault] of FAULTS.entries()) {
    test(`${FAULT_NAMES[fault]}: nothing is orphaned, and what was finished can be read`, async () => {
      const { bootstrapServers } = bench.cluster;
      const faults = new Faults(hosts, bootstrapServers, () => bench.topics(), SEED + index);
      const outcome = await faults.moment(fault);
      console.log(describe(outcome));
      assert.equal(outcome.problems, []);
      // A full disk hurts nobody: an agent writes nothing.
      if (fault === 'disk') assert.is(outcome.failed, 0);
    });
  }
}

test.run();
