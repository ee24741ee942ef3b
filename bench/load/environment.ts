const TCACHE = 'glibc.malloc.tcache_count';

/**
 * What an agent's environment has. One pool thread is held by a waiting consumer; another has to be free for connecting
 * and closing. Records are allocated on one thread and freed on librdkafka's, and with glibc's default of 7 cached
 * chunks the two fight for the heap's lock: with 1,000 a process produces 1.6 times as many small records a second
 * (`npm run bench:self`). Other C libraries ignore it.
 */
export const AGENT_ENVIRONMENT = { UV_THREADPOOL_SIZE: '8', GLIBC_TUNABLES: `${TCACHE}=1000` } as const;

/** The environment of an agent that is started here; what the user set of glibc's stays. */
export function loadEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = env['GLIBC_TUNABLES'] ?? '';
  const tunables = own.includes(`${TCACHE}=`)
    ? own
    : [own, AGENT_ENVIRONMENT.GLIBC_TUNABLES].filter((one) => one !== '').join(':');
  return { ...env, ...AGENT_ENVIRONMENT, GLIBC_TUNABLES: tunables };
}
