import { ClientError } from '../driver.ts';
import { type Callback, promised } from './call.ts';

interface TopicMetadata {
  readonly topics: readonly { name: string; partitions: readonly { leader: number }[] }[];
}

export async function awaitLeaders(
  fetch: (done: Callback<TopicMetadata>) => void,
  topic: string,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = (await promised<TopicMetadata>(fetch)).topics.find(({ name }) => name === topic);
    if (
      found !== undefined &&
      found.partitions.length > 0 &&
      found.partitions.every(({ leader }) => leader >= 0)
    )
      return;
    if (performance.now() > deadline) {
      throw new ClientError('ERR_LEADER_NOT_AVAILABLE', `topic ${topic} has partitions without a leader`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
