import * as assert from 'uvu/assert';
import { burstWarnings, curveWarnings } from '../../../../reports/sizing/measured-warnings.ts';
import { repeatOf, runOf } from '../../../support/run-of.ts';
import { shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing: burst and machine');

const M5 = { hardware: { instanceType: 'm5.large' } };
function bursts(
  bytesPerSec: number,
  cluster: Parameters<typeof runOf>[1] = M5,
  instance?: string,
  bytes: object = {},
): string[] {
  const repeat = repeatOf(1, 0, bytesPerSec, { bytes });
  const samples = [{ partitions: 1, repeat, bytesPerSec, loadLimited: false }];
  return burstWarnings([runOf([repeat], cluster)], samples, shippedCatalog, instance).map((one) => one.text);
}

test('what counts is what travels: payload after compression, with replicas, over the brokers', () => {
  // 150 MB/s ÷ 2.5 × 2 replicas ÷ 3 brokers = 40 MB/s; 400 MB/s are 106.7, above both baselines.
  assert.equal(bursts(150e6), []);
  const fast = bursts(400e6);
  assert.is(fast.length, 2);
  assert.match(
    fast[0] ?? '',
    /106\.7 MB\/s per broker, above the network baseline of m5\.large \(93\.8 MB\/s\)/,
  );
  assert.match(fast[1] ?? '', /106\.7 MB\/s per broker, above the EBS baseline of m5\.large \(81\.3 MB\/s\)/);
});

test('an existing cluster is judged by the type that the demand names', () => {
  assert.match(
    bursts(400e6, {}, 'm5.large')[0] ?? '',
    /m5\.large \(93\.8 MB\/s\), which its brokers are taken to be/,
  );
  assert.equal(bursts(150e6, {}, 'm5.large'), []);
  // The run knows better than the demand.
  assert.equal(bursts(400e6, { hardware: { instanceType: 'm6i.8xlarge' } }, 'm5.large'), []);
});

test('what is not known is not judged, and says so', () => {
  assert.match(bursts(400e6, {})[0] ?? '', /was not judged: the instance type of its brokers is not known/);
  assert.match(
    bursts(400e6, M5, undefined, { wireCompressionRatio: null })[0] ?? '',
    /was not judged: its bytes on the wire were not measured/,
  );
  assert.equal(bursts(400e6, { local: true }, 'm5.large'), []);
});

test('CPU credits may have helped', () => {
  assert.match(
    bursts(1e6, { hardware: { instanceType: 't3.large' } })[0] ?? '',
    /t3\.large, whose CPU credits/,
  );
});

test('a broker on the load generator’s machine is of smoke scale', () => {
  const codes = curveWarnings([runOf([], { local: true })], [], []).map((note) => note.code);
  assert.equal(codes, ['smoke-scale']);
});

test.run();
