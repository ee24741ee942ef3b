import type { RepeatResult } from '../../results/result.ts';
import type { Measurement } from './measurement.ts';
import { groupLag } from './series.ts';

/** Behind by no more than what is offered in this long, a group reads the end of the topic. */
const CAUGHT_UP_SEC = 1;

/**
 * How groups that began late caught up: behind by how many records when they began, when they were as near to the end as
 * one second's records, and at which rate they read until then.
 * @param offeredPerSec what producers added meanwhile
 */
export function lateGroups(
  measurement: Measurement,
  offeredPerSec: number,
): NonNullable<RepeatResult['lateGroups']> {
  const began = new Map(
    measurement.consumers.flatMap(({ group, lateSec }) => (lateSec === undefined ? [] : [[group, lateSec]])),
  );
  const seconds = Math.ceil(measurement.loadSec);
  return [...began].map(([group, lateSec]) => {
    const lag = groupLag(measurement, group, seconds);
    const beganSec = Math.floor(lateSec);
    // A second without a sample tells nothing; the one before it is as good.
    const known = [...lag].findLast(([second]) => second < Math.max(1, beganSec));
    const behindRecords = known?.[1] ?? null;
    const near = offeredPerSec * CAUGHT_UP_SEC;
    const caughtUpAt = [...lag].find(([second, records]) => second >= beganSec && records <= near)?.[0];
    const tookSec = caughtUpAt === undefined ? null : caughtUpAt + 1 - lateSec;
    const left = caughtUpAt === undefined ? 0 : (lag.get(caughtUpAt) ?? 0);
    const readPerSec =
      tookSec === null || behindRecords === null || tookSec <= 0
        ? null
        : (behindRecords + offeredPerSec * tookSec - left) / tookSec;
    return { group, beganSec: lateSec, behindRecords, caughtUpSec: tookSec, readPerSec };
  });
}
