import * as assert from 'uvu/assert';
import { loadEnvironment } from '../../../bench/load/environment.ts';
import { suite } from '../../support/suite.ts';

const test = suite('load environment');

test("keeps the user's environment and tunables", () => {
  assert.equal(loadEnvironment({ A: 'b' }), {
    A: 'b',
    UV_THREADPOOL_SIZE: '8',
    GLIBC_TUNABLES: 'glibc.malloc.tcache_count=1000',
  });
  const other = 'glibc.malloc.arena_max=2';
  assert.is(
    loadEnvironment({ GLIBC_TUNABLES: other })['GLIBC_TUNABLES'],
    `${other}:glibc.malloc.tcache_count=1000`,
  );
});

test('a cache size of the user wins', () => {
  const own = 'glibc.malloc.tcache_count=3';
  assert.is(loadEnvironment({ GLIBC_TUNABLES: own })['GLIBC_TUNABLES'], own);
});

test.run();
