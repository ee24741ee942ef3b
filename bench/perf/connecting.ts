import { type AdminClient, ClientError, type ClientSettings } from '../client/driver.ts';
import { parseAddresses } from '../client/reach/addresses.ts';
import { diagnoseAll } from '../client/reach/diagnose.ts';
import { KsweepError } from '../common/errors.ts';

export const CONNECT_LIMIT_MS = 30_000;

/** A client's failure as an error that names the cause and the next step: what keeps it from the brokers is looked for. */
export async function connecting<T>(
  admin: AdminClient,
  connection: ClientSettings,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const servers = String(connection['bootstrap.servers']);
    if (/UNKNOWN_TOPIC|TOPIC_AUTHORIZATION|TOPIC_EXCEPTION/.test(error.code)) {
      throw new KsweepError('topic-failed', error.message, {
        hint: 'make the topic with kafka-topics, or let this principal use it',
        cause: error,
      });
    }
    const found = await diagnoseAll(parseAddresses(servers), connection);
    const complaint = admin.complaint();
    const [first] = found ?? [];
    const details = [
      ...(found?.slice(1).map(({ problem }) => problem) ?? []),
      ...(complaint === null ? [] : [complaint]),
    ];
    throw new KsweepError('broker-unreachable', first?.problem ?? `${servers}: ${error.message}`, {
      ...(first === undefined ? {} : { hint: first.remedy }),
      details,
      cause: error,
    });
  }
}
