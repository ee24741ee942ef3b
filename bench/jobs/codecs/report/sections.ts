import { formatBytesPerSec } from '../../../../reports/sizing/format.ts';
import { money } from '../../../../reports/sizing/render/plain-columns.ts';
import { formatNumber } from '../../../common/format-number.ts';
import { metricOf } from '../../../results/metrics.ts';
import { figureSections } from './figure-sections.ts';
import { effectText, verdictText } from './recommend.ts';
import { recommendationSection } from './recommendation-section.ts';
import type { CodecsReport } from './report.ts';
import { numeric, type Section } from './section.ts';
import type { StampEffect } from './stamp.ts';

/** The sections in the order in which a reader needs them; those without data are left out. */
export function sectionsOf(report: CodecsReport): Section[] {
  return [
    recommendationSection(report),
    ...figureSections(report),
    priceSection(report),
    stampSection(report),
    recompressionSection(report),
    capacitySection(report),
    leftOutSection(report),
  ].filter((section) => section !== null);
}

function priceSection({ prices, terms }: CodecsReport): Section | null {
  const [first] = prices;
  if (first === undefined) return null;
  const { currency, asOf, name, source } = terms.prices;
  const days = formatNumber(terms.retentionSec / 86_400);
  const withStamp = prices.filter(({ withoutStamp }) => !withoutStamp).map(({ label }) => label);
  const items = first.price.lines.map(({ item }) => item);
  return {
    id: 'price',
    title: 'Monthly cost',
    lines: [
      `For ${formatBytesPerSec(terms.volumeBytesPerSec)} of records before compression, kept ${days} days, ${terms.replicas} replicas, ${terms.groups} consumer group${terms.groups === 1 ? '' : 's'}, ${terms.zones} zones, in ${name}. Network within a zone costs nothing and is told as its volume.`,
      `Prices as of ${asOf}: ${[source.crossZone, source.volumes, source.instances].join('; ')}. ${first.cpuBeyond !== null ? `CPU is what producers and consumers used beyond those of ${first.cpuBeyond}, so that ksweep’s own cancels out` : 'CPU is what ksweep’s own producers and consumers used, measuring included'}, on shares of ${terms.instance}. Brokers are not in it: their number is a step, see ksweep size.`,
      ...(withStamp.length === 0
        ? ['Bytes are those without the measuring stamp.']
        : [`The bytes of ${withStamp.join('; ')} still hold the measuring stamp.`]),
    ],
    table: {
      caption: 'Monthly cost of each configuration',
      columns: [
        { head: 'Codec' },
        numeric('Sent per month'),
        ...items.map(numeric),
        numeric('Total per month'),
      ],
      rows: prices
        .toSorted((a, b) => (a.price.perMonth ?? 0) - (b.price.perMonth ?? 0))
        .map(({ label, price }) => ({
          fields: [
            label,
            `${formatNumber(price.networkGB)} GB`,
            ...price.lines.map(({ perMonth }) => money(perMonth, currency)),
            money(price.perMonth, currency),
          ],
        })),
    },
  };
}

function stampSection({ stamp, payload }: CodecsReport): Section | null {
  if (stamp.length === 0) return null;
  const worst = stamp.reduce((a, b) => (b.ratioChange < a.ratioChange ? b : a));
  const unlike = stamp.filter(({ batchesAlike }) => batchesAlike === false);
  return {
    id: 'stamp',
    title: 'What the measuring stamp does to the ratio',
    lines: [
      `ksweep puts a header of 24 bytes, named “ksweep”, on each record (here ${formatNumber(payload.meanBytes)} B on average) to find lost and late ones. The client sent the same records with and without it.`,
      `Its effect is largest on ${worst.label}: a ratio of ${worst.stamped.ratio.toFixed(2)}× with the stamp and ${worst.plain.ratio.toFixed(2)}× without. The prices leave it out.`,
      ...(unlike.length === 0
        ? []
        : [
            `The client gathered batches of different sizes on the two sides (records per request with and without the stamp: ${unlike.map(requestsOf).join('; ')}), as it does where linger.ms and not batch.size ends them: the differences there are not the stamp’s alone.`,
          ]),
    ],
    table: {
      caption: 'Bytes of a record with and without the stamp',
      columns: [
        { head: 'Codec' },
        numeric('Wire bytes per record, stamped'),
        numeric('Wire bytes per record, without'),
        numeric('The stamp adds'),
        numeric('Ratio, stamped'),
        numeric('Ratio, without'),
      ],
      rows: stamp.map(({ label, stamped, plain, addedWireBytes }) => ({
        fields: [
          label,
          `${formatNumber(stamped.wireBytes)} B`,
          `${formatNumber(plain.wireBytes)} B`,
          `${formatNumber(addedWireBytes)} B`,
          `${stamped.ratio.toFixed(2)}×`,
          `${plain.ratio.toFixed(2)}×`,
        ],
      })),
    },
  };
}

function requestsOf({ label, stamped, plain }: StampEffect): string {
  const text = (records: number | null): string => (records === null ? '?' : records.toFixed(1));
  return `${label} ${text(stamped.recordsPerRequest)} and ${text(plain.recordsPerRequest)}`;
}

function recompressionSection({ recompression }: CodecsReport): Section | null {
  if (recompression === null || recompression.rows.length === 0) return null;
  const { topicCodec, label, rows } = recompression;
  return {
    id: 'recompression',
    title: `If the topic had compression.type=${topicCodec}`,
    lines: [
      `With compression.type=producer, the default, brokers keep the batches of the producer (${label}) as they are; with any other codec than the producer’s they unpack and compress each batch again.`,
    ],
    table: {
      caption: 'Recompression by the brokers',
      columns: [
        { head: 'Figure' },
        { head: 'Load' },
        numeric('compression.type=producer'),
        numeric(`compression.type=${topicCodec}`),
        numeric('Change'),
        { head: 'Verdict' },
      ],
      rows: rows.map(({ metricKey, at, keptMedian, recompressedMedian, comparison, delta }) => {
        const metric = metricOf(metricKey);
        return {
          fields: [
            metric.label,
            at === 'rate' ? 'offered rate' : 'maximum rate',
            metric.format(keptMedian),
            metric.format(recompressedMedian),
            effectText(comparison),
            verdictText(comparison, delta),
          ],
        };
      }),
    },
  };
}

function capacitySection({ capacity }: CodecsReport): Section | null {
  if (capacity.length === 0) return null;
  const bound = (value: number | null): string => (value === null ? '–' : `${formatNumber(value)}/s`);
  return {
    id: 'capacity',
    title: 'Sustainable rate of the finalists',
    lines: ['Searched by bisection within a bounded number of probes; the true rate lies between the two.'],
    table: {
      caption: 'Sustainable rate',
      columns: [
        { head: 'Codec' },
        numeric('Sustained'),
        numeric('Not sustained'),
        { head: 'Limited by' },
        numeric('Probes'),
      ],
      rows: capacity.map(({ label, lowPerSec, highPerSec, limitedBy, probes }) => ({
        fields: [label, bound(lowPerSec), bound(highPerSec), limitedBy, String(probes)],
      })),
    },
  };
}

function leftOutSection({
  screen,
  finalists,
  warnings,
  capacity,
  interrupted,
}: CodecsReport): Section | null {
  const lines = [
    ...warnings,
    ...(interrupted
      ? ['The comparison was cut off: continue it with ksweep codecs --resume and its folder.']
      : []),
    ...(capacity.length === 0 && !interrupted
      ? ['Sustainable rates were not searched: --find-max does that for the finalists.']
      : []),
    ...[...screen, ...finalists].flatMap(({ label, reasons }) =>
      reasons.map((reason) => `${label}: ${reason}`),
    ),
  ];
  return lines.length === 0 ? null : { id: 'notes', title: 'Notes', lines, table: null };
}
