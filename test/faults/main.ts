import { describe, FAULT_NAMES, FAULTS, type Fault, Faults } from '../infra/namespaces/faults.ts';
import { SshHosts, whyNoHosts } from '../infra/namespaces/ssh-hosts.ts';
import { KafkaBench } from '../support/kafka-run.ts';

/**
 * `npm run faults:hosts -- [MOMENTS] [SEED] [KIND…]`: faults of load hosts at seeded moments of a run, so many of each
 * kind (20), on hosts in network namespaces of this machine with a broker. Ends with 1 where anything was left behind, or a
 * finished cell cannot be read.
 */
const [moments = '20', seed = '1', ...kinds] = process.argv.slice(2);
const wanted = kinds.length === 0 ? FAULTS : FAULTS.filter((fault) => kinds.includes(fault));

const reason = whyNoHosts();
if (reason !== null) {
  console.error(`no hosts on this machine: ${reason}`);
  process.exit(2);
}
const hosts = new SshHosts(3);
const bench = new KafkaBench();
try {
  await hosts.up();
  await bench.start(1, {}, hosts.network.address);
  const faults = new Faults(hosts, bench.cluster.bootstrapServers, () => bench.topics(), Number(seed));
  const missed = new Map<Fault, number>();
  for (const fault of wanted) {
    for (let i = 0; i < Number(moments); i++) {
      const outcome = await faults.moment(fault);
      console.log(describe(outcome));
      if (outcome.problems.length > 0) missed.set(fault, (missed.get(fault) ?? 0) + 1);
    }
  }
  for (const fault of wanted) {
    console.log(`${FAULT_NAMES[fault]}: ${moments} moments, ${missed.get(fault) ?? 0} with something amiss`);
  }
  if (missed.size > 0) process.exitCode = 1;
} finally {
  hosts.down();
  await bench.stop();
}
