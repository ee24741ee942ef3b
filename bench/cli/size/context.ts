import type { Catalog } from '../../../infra/catalog/catalog.ts';
import type { HardwareAnswers } from '../../../reports/sizing/broker-hardware.ts';
import { pricesFor } from '../../../reports/sizing/build.ts';
import type { Figure } from '../../../reports/sizing/figure.ts';
import { resolveHardware } from '../../../reports/sizing/hardware.ts';
import type { Measurement } from '../../../reports/sizing/measured.ts';
import { isOwnHardware } from '../../../reports/sizing/own-hardware.ts';
import type { ReportContext } from '../../../reports/sizing/partitions-report.ts';
import type { Note } from '../../../reports/sizing/report.ts';
import type { HardwareVariants } from '../../../reports/sizing/ways-out.ts';
import { KsweepError } from '../../common/errors.ts';
import type { SizeOptions } from './shared.ts';

/** Answers that describe one machine; they say nothing of another type. */
const OF_ONE_TYPE = { network: undefined, memory: undefined, cores: undefined, diskThroughput: undefined };

/** Types that may be taken instead: none where a run measured one of them, or the machines are the user's own. */
function typesFor(catalog: Catalog, answers: HardwareAnswers, measured: string | null): string[] {
  if (measured !== null || isOwnHardware(answers)) return [];
  if (answers.platform !== 'msk') return [...catalog.instances.keys()];
  return [...catalog.mskLimits.keys(), ...catalog.mskExpress.keys()];
}

function variantsOf(catalog: Catalog, answers: HardwareAnswers, measured: string | null): HardwareVariants {
  return {
    answers,
    types: typesFor(catalog, answers, measured),
    resolve(more) {
      try {
        const other = more.instance !== undefined && more.instance !== answers.instance;
        return resolveHardware(catalog, { ...answers, ...(other ? OF_ONE_TYPE : {}), ...more });
      } catch (error) {
        // A type without these disks, say: it is no way out.
        if (error instanceof KsweepError) return null;
        throw error;
      }
    },
  };
}

/** What every mode's report needs beside its problem. */
export function contextOf(
  {
    catalog,
    demand,
  }: {
    readonly catalog: Catalog;
    readonly demand: HardwareAnswers & {
      readonly region: string;
      readonly followerFetching: boolean;
      readonly phase?: string | undefined;
    };
  },
  measurement: Measurement | null,
  options: SizeOptions,
  assumptions: readonly Figure[],
  warnings: readonly Note[] = [],
): ReportContext {
  return {
    basis: measurement?.basis ?? 'figures alone: nothing was measured',
    phase: demand.phase,
    assumptions,
    ...(measurement === null ? {} : { measuredBound: measurement.bound }),
    warnings: [...(measurement?.warnings ?? []), ...warnings],
    catalog,
    prices: pricesFor(catalog, demand.region, options.prices),
    followerFetching: demand.followerFetching,
    hardwareVariants: variantsOf(catalog, demand, measurement?.instance ?? null),
  };
}
