import type { BrokerFigures } from '../../brokers/figures.ts';
import type { RepeatResult } from '../../results/result.ts';
import type { Measurement } from './measurement.ts';
import type { Reports } from './reports.ts';
import { brokerCpuUs } from './series.ts';
import { inWindow, sum, total, type Window } from './window.ts';

export function bytesOf(measurement: Measurement, reports: Reports): RepeatResult['bytes'] {
  const payload = sum(reports.all.map((done) => done.ackedBytes));
  const records = sum(reports.all.map((done) => done.acked));
  const known = (values: readonly (number | null)[]): number | null =>
    values.length === 0 || values.some((value) => value === null) ? null : sum(values as number[]);
  const producerWire = known(reports.all.map((done) => done.wireBytes));
  const disk = measurement.brokerDiskBytes;
  const per = (bytes: number | null, divisor: number): number | null =>
    bytes === null || divisor === 0 ? null : bytes / divisor;
  const replicated = payload * measurement.replicationFactor;
  return {
    payload,
    producerWire,
    consumerWire: known(reports.consumers.map((done) => done.wireBytes)),
    brokerDisk: disk,
    produceRequests: known(reports.all.map((done) => done.produceRequests)),
    wirePerRecord: per(producerWire, records),
    diskPerRecord: per(disk, records),
    wireCompressionRatio: producerWire === null || producerWire === 0 ? null : payload / producerWire,
    diskCompressionRatio: disk === null || disk === 0 ? null : replicated / disk,
  };
}

/** CPU of brokers on this machine, percent of one core; null where they are elsewhere, or one was restarted. */
export function brokersCpuPercent(measurement: Measurement, window: Window): number | null {
  const us = brokerCpuUs(measurement, window.fromSec, window.endSec);
  return us === null ? null : us / (window.endSec - window.fromSec) / 1e4;
}

/** The same by the brokers' own metrics; null where not every one of the cluster's brokers tells it. */
export function cpuByMetrics(
  brokers: ReadonlyMap<string, BrokerFigures>,
  brokerCount: number | null,
): number | null {
  const told = [...brokers.values()].map(({ cpuPerSec }) => cpuPerSec).filter((cpu) => cpu !== null);
  return told.length === 0 || told.length !== brokerCount ? null : sum(told) * 100;
}

/** @param byMetrics the brokers' CPU in percent of one core, where the operating system does not tell it */
export function cpuOf(
  measurement: Measurement,
  window: Window,
  rate: RepeatResult['rate'],
  byMetrics: number | null,
): RepeatResult['cpu'] {
  const seconds = window.endSec - window.fromSec;
  const producersUs = total(inWindow(measurement.producers, window), 'cpuUs');
  // Of a share group's members nobody sees the client's own threads.
  const shares = measurement.consumers.some(({ done }) => done?.share !== undefined);
  const consumersTold = measurement.consumers.length > 0 && !shares;
  const consumersUs = total(inWindow(measurement.consumers, window), 'cpuUs');
  const brokersPercent = brokersCpuPercent(measurement, window) ?? byMetrics;
  const brokersUs = brokersPercent === null ? null : brokersPercent * seconds * 1e4;
  const percent = (us: number): number => us / seconds / 1e4;
  const perMB = (us: number | null, bytesPerSec: number): number | null =>
    us === null || bytesPerSec === 0 ? null : us / ((bytesPerSec * seconds) / 1e6);
  return {
    producersPercent: measurement.producers.length === 0 ? null : percent(producersUs),
    consumersPercent: consumersTold ? percent(consumersUs) : null,
    brokersPercent,
    producerUsPerMB: measurement.producers.length === 0 ? null : perMB(producersUs, rate.achievedBytesPerSec),
    consumerUsPerMB: consumersTold ? perMB(consumersUs, rate.receivedBytesPerSec) : null,
    brokerUsPerMB: perMB(
      brokersUs,
      rate.achievedBytesPerSec > 0 ? rate.achievedBytesPerSec : rate.receivedBytesPerSec,
    ),
  };
}

export function generatorOf(
  measurement: Measurement,
  window: Window,
): Omit<RepeatResult['generator'], 'wasLimit'> {
  const seconds = window.endSec - window.fromSec;
  const all = [...measurement.producers, ...measurement.consumers];
  const snapshots = inWindow(all, window);
  const busiest = all.map((process) => total(inWindow([process], window), 'cpuUs') / seconds / 1e4);
  return {
    eventLoopDelayP99Us: Math.max(0, ...snapshots.map((snapshot) => snapshot.eventLoopDelayP99Us)),
    eventLoopDelayMaxUs: Math.max(0, ...snapshots.map((snapshot) => snapshot.eventLoopDelayMaxUs)),
    ...noticeDelays(snapshots),
    cpuMaxPercent: Math.max(0, ...busiest),
    queueFullMs: total(snapshots, 'queueFullMs'),
  };
}

/** A p99 cannot be averaged over seconds: the worst one is told, as with the event loop's delay. */
function noticeDelays(
  snapshots: readonly { readonly noticeDelayP99Us?: number; readonly noticeDelayMaxUs?: number }[],
): { noticeDelayP99Us?: number; noticeDelayMaxUs?: number } {
  const noticed = snapshots.filter(({ noticeDelayP99Us }) => noticeDelayP99Us !== undefined);
  if (noticed.length === 0) return {};
  return {
    noticeDelayP99Us: Math.max(...noticed.map((snapshot) => snapshot.noticeDelayP99Us ?? 0)),
    noticeDelayMaxUs: Math.max(...noticed.map((snapshot) => snapshot.noticeDelayMaxUs ?? 0)),
  };
}
