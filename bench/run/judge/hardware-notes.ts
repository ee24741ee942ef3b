import type { Reason, RepeatResult } from '../../results/result.ts';

type Hardware = Readonly<Record<string, unknown>> | null;

/** Brokers on CPU credits: what was measured holds while these last, and is not compared with others. */
export function burstableNotes(hardware: Hardware): Reason[] {
  if (hardware?.['burstable'] !== true) return [];
  const credits = hardware['cpuCredits'];
  const mode = typeof credits === 'string' ? `, credits ${credits}` : '';
  return [
    {
      code: 'burstable',
      message: `the brokers run on CPU credits (${String(hardware['instanceType'])}${mode}): figures hold only while these last`,
    },
  ];
}

/**
 * Traffic above what the instance type carries for good. A broker takes what is produced once for each replica, and
 * gives it to each group and to the other replicas, shared evenly.
 *
 * @param topic replicationFactor and groups as measured
 */
export function burstingNotes(
  result: Pick<RepeatResult, 'bytes' | 'rate'>,
  hardware: Hardware,
  topic: { readonly replicationFactor: number; readonly groups: number },
): Reason[] {
  const brokers = Number(hardware?.['brokers'] ?? 0);
  const { wirePerRecord } = result.bytes;
  if (brokers === 0 || wirePerRecord === null) return [];
  const producedPerSec = wirePerRecord * result.rate.achievedPerSec;
  const inPerSec = (producedPerSec * topic.replicationFactor) / brokers;
  const outPerSec = (producedPerSec * (topic.groups + topic.replicationFactor - 1)) / brokers;
  const checks = [
    ['network', Math.max(inPerSec, outPerSec), hardware?.['networkBaselineBytesPerSec']],
    ['EBS', inPerSec, hardware?.['ebsBaselineBytesPerSec']],
  ] as const;
  return checks.flatMap(([what, used, baseline]) =>
    typeof baseline === 'number' && used > baseline
      ? [
          {
            code: 'bursting',
            message: `${(used / 1e6).toFixed(0)} MB/s per broker is above the ${what} baseline of ${String(hardware?.['instanceType'])} (${(baseline / 1e6).toFixed(0)} MB/s): it will not last`,
          },
        ]
      : [],
  );
}
