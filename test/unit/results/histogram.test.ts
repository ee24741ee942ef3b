import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import * as assert from 'uvu/assert';
import {
  decode,
  encode,
  initRecorderHistograms,
  newRecorderHistogram,
} from '../../../bench/results/histogram.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the encoding of a generator’s histogram');

test.before(initRecorderHistograms);

test('holds what the library’s own encoding of it holds, to the last bucket', () => {
  const histogram = newRecorderHistogram();
  for (let i = 1; i < 2_000; i++) histogram.recordValueWithCount(i * i * 37, (i % 7) + 1);
  const [own, library] = [decode(encode(histogram)), decode(encodeIntoCompressedBase64(histogram))];
  assert.is(own.totalCount, histogram.totalCount);
  for (const percentile of [0, 1, 50, 90, 99, 99.9, 99.99, 100]) {
    assert.is(own.getValueAtPercentile(percentile), library.getValueAtPercentile(percentile));
  }
  assert.is(own.mean, library.mean);
  histogram.destroy();
});

test.run();
