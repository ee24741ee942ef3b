import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKsweep } from '../support/cli.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { IMAGE, KubernetesDouble } from '../support/kubernetes/double.ts';
import { kubernetesScenarios, type Place } from '../support/kubernetes/scenarios.ts';
import { suite } from '../support/suite.ts';

const test = suite('load from the pods of a double of Kubernetes', { timeoutMs: 120_000 });
const bench = new KafkaBench();
const double = new KubernetesDouble();
const results = mkdtempSync(join(tmpdir(), 'ksweep-results-'));
let reason: string | null = null;
test.before(async () => {
  reason = await double.start();
  if (reason === null) await bench.start();
});
test.after(async () => {
  double.stop();
  await bench.stop();
  rmSync(results, { recursive: true, force: true });
});

/** The coordinator runs on this machine, beside the broker and the pods. */
const place = (): Place => ({
  image: IMAGE,
  bootstrapServer: reason === null ? bench.cluster.bootstrapServers : '',
  reason,
  async start(words) {
    const { child, ended, said } = startKsweep([...words, '--results', results], double.env);
    return {
      said,
      ended,
      async kill() {
        child.kill('SIGKILL');
      },
    };
  },
  kubectl: (...words) => double.kubectl(...words),
});

kubernetesScenarios(test, place);

test.run();
