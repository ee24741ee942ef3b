/** One word for one thing: what each term means, and what is not written in its place. */
export interface Term {
  readonly term: string;
  readonly means: string;
  /** Other words for the same thing, which no text uses. */
  readonly not: readonly string[];
}

const term = (name: string, means: string, ...not: string[]): Term => ({ term: name, means, not });

/** The glossary, in the order in which a reader meets the terms; docs/terms.md shows it. */
export const TERMS: readonly Term[] = [
  term(
    'workload',
    'What is run: topic, records, load, settings and sweep, in one YAML file.',
    'scenario file',
  ),
  term('sweep', 'The settings that vary, with their values.', 'parameter grid'),
  term('axis', 'One setting of a sweep with its values.'),
  term('cell', 'One combination of the swept settings.', 'test case', 'data point'),
  term('repeat', 'One measurement of one cell, from set-up to teardown.', 'iteration', 'trial run'),
  term('block', 'One pass over all cells, in random order. Repeats of a block are compared with each other.'),
  term(
    'run',
    'All repeats of a workload, and the folder that holds their results (the run folder).',
    'result directory',
  ),
  term(
    'generator',
    'One producer or consumer of ksweep: a thread that makes or takes load.',
    'load process',
    'load processes',
    'load worker',
  ),
  term('load host', 'A machine that runs generators.', 'driver machine'),
  term(
    'offered rate',
    'Records per second that are due: the load that was asked for.',
    'target rate',
    'requested rate',
  ),
  term('achieved rate', 'Records per second that brokers acknowledged.', 'actual rate', 'effective rate'),
  term(
    'throughput',
    'Records or bytes per second that got through: the achieved or the received rate.',
    'bandwidth rate',
  ),
  term('sustainable rate', 'The highest offered rate at which every criterion holds.', 'saturation rate'),
  term('maximum rate', 'No offered rate: as fast as the client can go.', 'open tap', 'flood mode'),
  term('probe', 'One trial of one rate within a search for the sustainable rate.'),
  term(
    'due→ack latency',
    'From when a record was due until it was acknowledged: the main latency.',
    'intended latency',
    'response latency',
  ),
  term('sent→ack latency', 'Service time: from the client taking the record until it was acknowledged.'),
  term('due→sent latency', 'Schedule delay: from when a record was due until the client took it.'),
  term('end-to-end latency', 'From when a record was due until a consumer received it.', 'e2e latency'),
  term(
    'percentile',
    'p99: 99 % of the samples are at or below it. Blank where the sample is too small.',
    'quantile latency',
  ),
  term(
    'consumer lag',
    'Records between the end of a partition and the position of the group.',
    'consumer delay',
    'backlog depth',
  ),
  term(
    'handler',
    'The time that a consumer spends on one record (consumers.handler).',
    'processing callback',
  ),
  term('warm-up', 'The time before the measured window, which is not counted.', 'ramp-up', 'burn-in'),
  term('window', 'The measured part of a repeat.', 'measurement interval'),
  term('steady state', 'The figures no longer drift, so one number describes the window.', 'stable phase'),
  term('drain', 'The time after the window in which consumers read what is left.', 'cool-down'),
  term('lost', 'Acknowledged and never received by a group.', 'dropped records'),
  term('stamp', 'The 24 bytes that tie a record to its run, in the payload or in a header.', 'marker bytes'),
  term('wire', 'The network between client and broker; bytes on the wire are compressed.', 'over-the-air'),
  term('CPU per MB', 'CPU time for 10⁶ bytes of payload.', 'CPU a MB'),
  term('stolen time', 'CPU time that the hypervisor gave to other guests.'),
  term('smoke-scale', 'Brokers and load shared a machine: good for rough comparison only.', 'toy scale'),
  term(
    'valid',
    'A repeat whose figures can be trusted. An invalid one is shown with its reason, and left out of medians.',
    'untrusted repeat',
  ),
  term('threshold', 'A limit that a figure must meet, such as due-to-ack p99 < 20ms.', 'acceptance limit'),
  term(
    'confidence interval',
    'The range that holds the true value with 95 % confidence.',
    'error margin',
    'confidence range',
  ),
  term(
    'verdict',
    'What a comparison comes to: regressed, improved, equivalent or inconclusive.',
    'judgment call',
  ),
  term('night', 'One nightly measurement.', 'nightly session'),
  term('canary', 'A small fixed measurement that shows whether the environment changed.', 'sentinel run'),
];

/** Phrases that are no idiomatic English, or that a reader has to guess at; `instead` is what to write. */
export const AVOIDED: readonly { readonly phrase: RegExp; readonly instead: string }[] = [
  { phrase: /\b(can't|can’t|can not)\b/i, instead: 'cannot' },
  { phrase: /\brecords a request\b/i, instead: 'records per request' },
  { phrase: /\bcosts? (them )?a month\b/i, instead: 'per month' },
  { phrase: /\btells? on itself\b/i, instead: 'is measured, too' },
  { phrase: /\bthat matters is shown to\b/i, instead: 'was not shown to differ by an amount that matters' },
  { phrase: /\bfor unknown\b/i, instead: 'as unknown' },
  {
    phrase:
      /\b(records|bytes|bits|MB|CPU|total|USD|one|partitions|consumers) an? (second|MB|month|line|broker|replica|partition|group|vCPU)\b/i,
    instead: 'per second, per MB, per month',
  },
  {
    phrase: /(?<!there )\bis no (metric|setting|axis|number|rate|duration|valid|run folder|manifest)\b/,
    instead: 'is not a …',
  },
  { phrase: /\bgo(es)? on with\b|\bgoing on with\b/i, instead: 'continue with' },
  { phrase: /\bhold(s|ing)? it against\b|\bheld against\b/i, instead: 'compare with' },
  { phrase: /\b(seen by everybody|nobody knows|somebody)\b/i, instead: 'visible to every user; not known' },
  { phrase: /\bmay be given again\b/i, instead: 'repeatable' },
  { phrase: /\breckon/i, instead: 'calculate' },
  { phrase: /\bthe contrary of\b/i, instead: 'the opposite of' },
];

/** docs/terms.md as it has to be. */
export function termsPage(): string {
  const rows = TERMS.map(
    ({ term: name, means, not }) => `| **${name}** | ${means} | ${not.length === 0 ? '' : not.join(', ')} |`,
  );
  return [
    '# Terms',
    '',
    'One word for one thing, in the documentation, in reports and in messages. This page is written from `bench/messages/terms.ts`, and a test holds every text to it. `ksweep explain NAME` explains single metrics, verdicts, reasons and errors.',
    '',
    '| Term | What it means | Not |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
