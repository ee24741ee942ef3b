import { SIZING_SCHEMA_VERSION, type SizingReport } from './report.ts';

/** A report in which nothing has been answered yet; each mode fills in the parts that it has. */
export function emptyReport(mode: SizingReport['mode'], basis: string): SizingReport {
  return {
    schemaVersion: SIZING_SCHEMA_VERSION,
    mode,
    basis,
    feasible: true,
    infeasible: [],
    waysOut: [],
    answers: [],
    partitions: null,
    groups: [],
    brokers: null,
    topics: [],
    tiers: [],
    brokersByVariant: null,
    allowances: [],
    notJudged: [],
    types: [],
    steps: [],
    tables: [],
    cost: null,
    sensitivities: [],
    growth: null,
    advice: [],
    warnings: [],
    limits: [],
    assumptions: [],
    curve: null,
  };
}
