const TCACHE = 'glibc.malloc.tcache_count';

/**
 * An agent's environment. One pool thread is held by a waiting consumer; another has to be free for connecting
 * and closing. Records are allocated on one thread and freed on librdkafka's, and with glibc's default of 7 cached
 * chunks the two fight for the heap's lock: with 1,000 a process produces 1.6 times as many small records a second
 * (`npm run bench:self`). Other C libraries ignore it; what the user set stays.
 */
export function loadEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = env['GLIBC_TUNABLES'] ?? '';
  const tunables = own.includes(`${TCACHE}=`)
    ? own
    : [own, `${TCACHE}=1000`].filter((one) => one !== '').join(':');
  return { ...env, UV_THREADPOOL_SIZE: '8', GLIBC_TUNABLES: tunables };
}
