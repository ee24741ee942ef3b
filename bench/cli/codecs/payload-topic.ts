import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import { dim } from '../../common/terminal.ts';
import { requestOf } from '../../jobs/codecs/request.ts';
import { sampleOnCluster } from '../../jobs/sample/on-cluster.ts';
import { DEFAULT_MAX_RATE, sampleRequest } from '../../jobs/sample/request.ts';
import { sampleText } from '../../jobs/sample/text.ts';
import { onInterrupt } from '../interrupt.ts';
import type { CodecsCommandFlags } from './flags.ts';

const usage = (message: string): KsweepError => new KsweepError('usage', message);

/** Options that say where the sampled topic is mean nothing without one. */
function refuseWithout({
  payloadTopic,
  payloadBootstrapServer,
  payloadCommandConfig,
}: CodecsCommandFlags): void {
  if (payloadTopic === undefined && (payloadBootstrapServer ?? payloadCommandConfig) !== undefined) {
    throw usage('--payload-bootstrap-server and --payload-command-config go with --payload-topic');
  }
  if (payloadBootstrapServer === undefined && payloadCommandConfig !== undefined) {
    throw usage('--payload-command-config goes with --payload-bootstrap-server');
  }
}

/** The options with a sample of --payload-topic as the payload file; as they are where no topic is named. */
export async function withPayloadOf(flags: CodecsCommandFlags): Promise<CodecsCommandFlags> {
  refuseWithout(flags);
  const { payloadTopic: topic, payloadRecords: records, payload, payloadFile } = flags;
  if (topic === undefined) return flags;
  if ((payload ?? payloadFile) !== undefined) {
    throw usage('--payload-topic names the records: give neither --payload nor --payload-file');
  }
  if (flags.local === true && flags.payloadBootstrapServer === undefined) {
    throw usage('--local starts an empty cluster: say where the topic is with --payload-bootstrap-server');
  }
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const path = join(resolve(flags.results), `${topic}-${stamp}.sample`);
  const asSample = { ...flags, payloadFile: path, payloadFormat: 'sample' };
  // Every other option is checked before anything is read.
  requestOf(asSample);
  const request = sampleRequest({ topic, records, output: path, maxRate: DEFAULT_MAX_RATE }, Date.now());
  mkdirSync(resolve(flags.results), { recursive: true });
  const say = (line: string): void => void process.stderr.write(`${dim(line)}\n`);
  const interrupt = onInterrupt(() => say('stopping: nothing was measured'));
  const place =
    flags.payloadBootstrapServer === undefined
      ? flags
      : {
          bootstrapServer: flags.payloadBootstrapServer,
          ...(flags.payloadCommandConfig === undefined ? {} : { commandConfig: flags.payloadCommandConfig }),
        };
  const { bootstrapServer, commandConfig, cluster } = place as CodecsCommandFlags;
  const named = {
    ...(bootstrapServer === undefined ? {} : { bootstrapServer }),
    ...(commandConfig === undefined ? {} : { commandConfig }),
    ...(cluster === undefined ? {} : { cluster }),
  };
  try {
    say(sampleText(await sampleOnCluster(request, named, interrupt.signal, say)));
  } finally {
    interrupt.dispose();
  }
  return asSample;
}
