import { checkWritable } from '../../corpus/sample/sample-file.ts';
import { type ClusterFlags, chooseCluster } from '../../run/cluster/choose-cluster.ts';
import { workloadSchema } from '../../workload/schema.ts';
import { type SampleReport, type SampleRequest, sampleTopic } from './sample.ts';

/** Takes a sample on the cluster that the options name. The path is checked before anything is read. */
export async function sampleOnCluster(
  request: Omit<SampleRequest, 'connection'>,
  flags: Pick<ClusterFlags, 'bootstrapServer' | 'commandConfig' | 'cluster'>,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<SampleReport> {
  checkWritable(request.path);
  const chosen = await chooseCluster(flags, workloadSchema.parse({ name: 'sample' }), onLine, signal);
  try {
    let told = 0;
    return await sampleTopic({ ...request, connection: chosen.underTest.connection }, signal, (records) => {
      // Ten lines for a whole sample are enough.
      if (records - told < request.asked.records / 10) return;
      told = records;
      onLine(`read ${records} records of ${request.topic}`);
    });
  } finally {
    await chosen.stop();
  }
}
