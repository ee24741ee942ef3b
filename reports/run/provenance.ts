import type { Scalar } from '../../bench/common/scalar.ts';
import type { Manifest } from '../../bench/results/manifest.ts';
import { formatBytes } from '../sizing/format.ts';
import { counted } from './cell-summary.ts';
import type { RunSummary } from './run-summary.ts';

/** Facts about a run that a reader needs to judge or repeat it. */
export interface Facts {
  /** Where a page links to it. */
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
}

function pinnedLines(pinned: Manifest['pinned'], whose: string): string[] {
  return (['producer', 'consumer'] as const).flatMap((role) => {
    const text = settingsText(pinned[role]);
    return text === '' ? [] : [`${role}${whose}: ${text}`];
  });
}

/** What belongs under every report: notes, exclusions, environment, cluster, pinned settings, order, command. */
export function describeRun(summary: RunSummary): Facts[] {
  const { run } = summary;
  const { manifest } = run;
  const { environment, cluster } = manifest;
  const valid = run.repeats.filter((one) => one.outcome === 'valid');
  const notes = counted(valid.flatMap((one) => one.notes)).map(
    ({ message, count }) =>
      `${message} (${count === valid.length ? 'every' : `${count} of ${valid.length}`} valid repeat${count === valid.length ? '' : 's'})`,
  );
  const unbelieved = run.repeats.filter((one) => one.outcome !== 'valid');
  const all: Facts[] = [
    { id: 'notes', title: 'Notes', lines: notes },
    {
      id: 'left-out',
      title: 'Left out of the figures',
      lines: [
        ...unbelieved.map(
          (one) =>
            `${labelOf(summary, one.cellId)}, block ${one.block}, ${one.outcome}: ${messages(one.reasons)}`,
        ),
        ...run.replaced.map(
          (one) =>
            `${labelOf(summary, one.cellId)}, block ${one.block}: attempt ${one.attempt + 1} was ${one.outcome} and run again, ${messages(one.reasons)}`,
        ),
        ...manifest.excluded.map(
          (one) => `combination ${settingsText(one.settings)} was not run: ${one.reason}`,
        ),
        ...(run.unfinished.length === 0
          ? []
          : [
              `${run.unfinished.length} planned repeats are not finished: ksweep run --resume <this folder> finishes them`,
            ]),
        ...run.problems,
      ],
    },
    {
      id: 'environment',
      title: 'Environment',
      lines: [
        `load generator: ${environment.hostname}, ${environment.cpuCount} × ${environment.cpuModel}, ${formatBytes(environment.memoryBytes)} memory`,
        `${environment.os}, kernel ${environment.kernel}, Node.js ${environment.node}`,
        `ksweep ${environment.ksweep}${environment.gitCommit === null ? '' : ` (${environment.gitCommit.slice(0, 12)})`}, client ${environment.client}, librdkafka ${environment.librdkafka}`,
      ],
    },
    {
      id: 'cluster',
      title: 'Cluster',
      lines: [
        `${cluster.brokers.length} broker${cluster.brokers.length === 1 ? '' : 's'} at ${cluster.bootstrapServers}, Apache Kafka ${cluster.kafkaVersion ?? 'of unknown version'}${cluster.mode === null ? '' : `, ${cluster.mode}`}${cluster.local ? ', on the load generator’s host' : ''}`,
        ...(cluster.hardware === null ? [] : [`hardware: ${JSON.stringify(cluster.hardware)}`]),
      ],
    },
    {
      id: 'pinned',
      title: 'Client settings pinned to the Java client’s defaults',
      lines: [
        ...pinnedLines(manifest.pinned, ''),
        ...Object.entries(manifest.pinnedByCell ?? {}).flatMap(([id, pinned]) =>
          pinnedLines(pinned, ` of ${labelOf(summary, id)}`),
        ),
      ],
    },
    {
      id: 'design',
      title: 'Design',
      lines: [
        `seed ${manifest.seed}; ${manifest.blocks} block${manifest.blocks === 1 ? '' : 's'}, each with every cell once in a random order of its own`,
        ...blockOrders(summary),
        ...(manifest.corpus === null ? [] : [`payloads: ${JSON.stringify(manifest.corpus)}`]),
        `started ${manifest.createdAt}, ${manifest.finishedAt === null ? 'not finished' : `finished ${manifest.finishedAt}`}, run ${manifest.runId}`,
      ],
    },
    { id: 'again', title: 'Run it again', lines: [manifest.command] },
  ];
  return all.filter((facts) => facts.lines.length > 0);
}

/** Longer orders are in plan.ndjson; here they would be a wall of figures. */
const MAX_ORDER = 64;

/** Cells by their number in the table, in the order each block ran them. */
function blockOrders({ run }: RunSummary): string[] {
  if (run.manifest.cells.length > MAX_ORDER || run.manifest.cells.length < 2) return [];
  const number = new Map(run.manifest.cells.map((cell, index) => [cell.id, index + 1]));
  const blocks = [...new Set(run.planned.map((one) => one.block))];
  return blocks.map((block) => {
    const order = run.planned.filter((one) => one.block === block).map((one) => number.get(one.cellId));
    return `block ${block} ran the cells, by their numbers, in the order ${order.join(' ')}`;
  });
}

const messages = (reasons: readonly { message: string }[]): string =>
  reasons.map((one) => one.message).join('; ');

const settingsText = (settings: Readonly<Record<string, Scalar>>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

function labelOf({ cells }: RunSummary, cellId: string): string {
  return cells.find(({ cell }) => cell.id === cellId)?.cell.name ?? cellId;
}
