import type { Facts } from '../../../../reports/run/provenance.ts';
import { formatBytes } from '../../../../reports/sizing/format.ts';
import { formatNumber } from '../../../common/format-number.ts';
import type { CodecsReport } from './report.ts';

/** What a reader needs to judge or repeat a comparison. */
export function factsOf(report: CodecsReport): Facts[] {
  const { payload, environment, cluster, folders } = report;
  const distinct =
    payload.distinctRecords === null
      ? 'generated from the seed'
      : `${formatNumber(payload.distinctRecords)} distinct, ${formatBytes(payload.distinctBytes ?? 0)}`;
  return [
    { id: 'shared', title: 'All configurations share', lines: report.shared },
    {
      id: 'records',
      title: 'Records',
      lines: [
        `${payload.name}: ${distinct}, ${formatNumber(payload.meanBytes)} B on average, at most ${formatNumber(payload.maxBytes)} B; offered at ${report.rate}`,
      ],
    },
    {
      id: 'cluster',
      title: 'Cluster',
      lines: [
        `${cluster.brokers} broker${cluster.brokers === 1 ? '' : 's'}, Apache Kafka ${cluster.kafkaVersion ?? 'of unknown version'}${cluster.local ? ', on the load generator’s host' : ''}`,
      ],
    },
    {
      id: 'environment',
      title: 'Environment',
      lines: [
        `${environment.cpuCount} × ${environment.cpuModel}, ${environment.os}, kernel ${environment.kernel}`,
        `Node.js ${environment.node}, ksweep ${environment.ksweep}, client ${environment.client}, librdkafka ${environment.librdkafka}`,
        `begun ${report.createdAt}`,
      ],
    },
    {
      id: 'folders',
      title: 'Run folders',
      lines: Object.entries(folders).map(([phase, folder]) => `${phase}: ${folder}/report.html`),
    },
    { id: 'again', title: 'Run it again', lines: [report.command] },
  ].filter(({ lines }) => lines.length > 0);
}
