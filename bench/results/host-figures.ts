import { z } from 'zod';

/** A host that generated load, over the measured window; null where it does not tell. Percent is of its processors' time. */
export const hostFigures = z.strictObject({
  name: z.string(),
  /** Taken away by the hypervisor: the mean, and the worst second. */
  stolenPercent: z.number().nullable(),
  stolenMaxPercent: z.number().nullable(),
  userPercent: z.number().nullable(),
  systemPercent: z.number().nullable(),
  iowaitPercent: z.number().nullable(),
  idlePercent: z.number().nullable(),
  /** Share of the time in which a task waited for the resource (pressure stall information). */
  cpuPressurePercent: z.number().nullable(),
  ioPressurePercent: z.number().nullable(),
  memoryPressurePercent: z.number().nullable(),
  /** Processors that the control group may use; null without a limit. */
  cpuLimit: z.number().nullable(),
  /** Periods in which the control group ran out of its quota, and for how long it was held back. */
  throttledPercent: z.number().nullable(),
  throttledMs: z.number().nullable(),
  /** How long the generators' threads were ready to run and did not, together. */
  runQueueWaitMs: z.number().nullable(),
  memoryAvailableMinBytes: z.number().nullable(),
  majorFaults: z.number().nullable(),
  swappedPages: z.number().nullable(),
  /** All interfaces but the loopback. */
  receivedBytesPerSec: z.number().nullable(),
  sentBytesPerSec: z.number().nullable(),
  droppedPackets: z.number().nullable(),
  retransmitted: z.number().nullable(),
  diskReadBytesPerSec: z.number().nullable(),
  diskWrittenBytesPerSec: z.number().nullable(),
  /** Of the busiest disk. */
  diskBusyPercent: z.number().nullable(),
  diskQueue: z.number().nullable(),
  /** Packets that EC2 held back or dropped because an allowance was spent; absent in runs of older versions. */
  refusedPackets: z.number().nullable().optional(),
  descriptorsMax: z.number().nullable(),
  mhz: z.number().nullable(),
});
export type HostFigures = z.infer<typeof hostFigures>;
