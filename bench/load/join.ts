import type { ConsumerClient, ConsumerHandlers, ConsumerOptions, Driver } from '../client/driver.ts';
import type { ConsumerAssignment } from './protocol.ts';
import { createShareMember, type ShareMember } from './share.ts';

/** A consumer's client, and what it is to its share group where it is in one. */
interface Joined {
  readonly client: ConsumerClient;
  readonly member: ShareMember | null;
}

/** Makes the client of a member of a consumer group or of a share group. */
export function join(
  { client: settings, share = null }: Pick<ConsumerAssignment, 'client' | 'share'>,
  driver: Driver,
  options: ConsumerOptions,
  handlers: ConsumerHandlers,
): Joined {
  if (share === null) return { client: driver.createConsumer(settings, options, handlers), member: null };
  // Refused before the run; a client of another host's may still be another one.
  if (driver.createShareConsumer === undefined) {
    throw new Error(`the ${driver.name} client knows no share groups: use --client batch`);
  }
  const client = driver.createShareConsumer(settings, options, handlers);
  return { client, member: createShareMember(share, client.rows, client.rowMask) };
}
