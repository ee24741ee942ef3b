import { createRequire } from 'node:module';

/**
 * The one file that loads the client's addon. It may only be imported by an agent that has one generator: the addon is not
 * context-aware and aborts in worker threads.
 */
export { default } from '@confluentinc/kafka-javascript';

export const { version } = createRequire(import.meta.url)('@confluentinc/kafka-javascript/package.json') as {
  version: string;
};
