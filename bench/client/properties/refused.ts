/** Properties of the Java client that cannot be honoured here, and why. */
export const REFUSED: Readonly<Record<string, string>> = {
  'default.api.timeout.ms': 'librdkafka has no such setting; each call of ksweep has its own limit',
  'max.block.ms': 'a full queue is back-pressure here: ksweep counts it as schedule delay and never blocks',
  'key.serializer': 'payloads and keys are bytes',
  'value.serializer': 'payloads and keys are bytes',
  'key.deserializer': 'payloads and keys are bytes',
  'value.deserializer': 'payloads and keys are bytes',
  'interceptor.classes': 'there are no Java classes to load',
  'partitioner.class': 'there are no Java classes to load; use `partitioner`',
  'metric.reporters': 'there are no Java classes to load',
  'metrics.num.samples': 'there are no Java metrics; ksweep measures',
  'metrics.recording.level': 'there are no Java metrics; ksweep measures',
  'metrics.sample.window.ms': 'there are no Java metrics; ksweep measures',
  'auto.include.jmx.reporter': 'there are no Java metrics; ksweep measures',
  'config.providers': 'there are no Java classes to load; secrets come from the client properties file',
  'metadata.max.idle.ms': 'librdkafka keeps the metadata of a topic as long as it is used',
  'partitioner.ignore.keys':
    'librdkafka has no such setting; use `partitioner`: random, or records.keys: none',
  'partitioner.adaptive.partitioning.enable': 'librdkafka does not weigh partitions by their load',
  'partitioner.availability.timeout.ms': 'librdkafka does not pass over partitions for their load',
  'transaction.two.phase.commit.enable': 'librdkafka has no two-phase commit',
  'exclude.internal.topics': 'ksweep subscribes to its topic by name, never by a pattern',
  'socket.connection.setup.timeout.max.ms':
    'librdkafka’s limit of a connection attempt does not grow: see socket.connection.setup.timeout.ms',
  'share.acknowledgement.mode': 'ksweep reads by consumer groups, not share groups',
  'share.acquire.mode': 'ksweep reads by consumer groups, not share groups',
  'request.required.acks': 'write acks',
  'compression.codec': 'write compression.type',
  'max.in.flight': 'write max.in.flight.requests.per.connection',
  'message.send.max.retries': 'write retries',
  'queue.buffering.max.ms': 'write linger.ms',
  'message.timeout.ms': 'write delivery.timeout.ms',
  'fetch.wait.max.ms': 'write fetch.max.wait.ms',
  'metadata.broker.list': 'write bootstrap.servers',
  'plugin.library.paths': 'ksweep loads no foreign libraries into its clients',
  interceptors: 'ksweep loads no foreign libraries into its clients',
  opaque: 'ksweep matches delivery reports by it',
  dr_cb: 'ksweep decides on delivery reports: see load.timing',
  dr_msg_cb: 'ksweep decides on delivery reports: see load.timing',
  rebalance_cb: 'ksweep handles rebalances itself',
  'delivery.report.only.error': 'ksweep decides on delivery reports: see load.timing',
  'enable.partition.eof': 'ksweep knows the end of a partition from the brokers',
};

/** Names that belong into the client properties file, where secrets are kept out of workloads and manifests. */
export const isSecurity = (name: string): boolean =>
  /^(sasl|ssl|security|https|enable\.ssl|enable\.sasl)[._]/.test(name);
