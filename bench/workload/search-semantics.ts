import type { Rate } from '../common/units.ts';
import { type Problem, wrongValue } from '../common/yaml/issues.ts';
import { type LatencyLimit, parseLatencyLimit } from './latency-limit.ts';
import type { RateSearch } from './load-schema.ts';
import type { CellWorkload } from './plan.ts';
import { lowestTellingPerSec, SHORTEST_WINDOW_MS } from './search-limits.ts';

const FEWEST_PROBES = 3;

const at = (path: readonly string[], message: string): Problem => wrongValue(['load', ...path], message);
const inSearch = (key: keyof RateSearch, message: string): Problem => at(['rate', 'search', key], message);

/** Whether one rate is above another; false where one is in bytes and the other in records. */
const above = (a: Rate | undefined, b: Rate | undefined): boolean =>
  a !== undefined && b !== undefined && a.kind === b.kind && a.perSec > b.perSec;

/** What makes a search for the sustainable rate impossible, or its answer worthless. */
export function searchProblems({ load, consumers }: CellWorkload): Problem[] {
  if (load.rate === 'max' || !('search' in load.rate)) return [];
  const { search } = load.rate;
  const { min, max, start, maxTime } = search;
  const problems: Problem[] = [];
  if (above(min, max)) problems.push(inSearch('min', 'is above max'));
  if (above(start, max)) problems.push(inSearch('start', 'is above max'));
  if (above(min, start)) problems.push(inSearch('start', 'is below min'));
  if (load.producers === 0) {
    problems.push(at(['producers'], 'a search offers a load: it needs a producer'));
  }
  if (load.duration < SHORTEST_WINDOW_MS) {
    const expected = `has to be ${SHORTEST_WINDOW_MS / 1000} s or more for a search`;
    problems.push(at(['duration'], `${expected}: a shorter probe cannot tell a steady state or growing lag`));
  }
  const fewestMs = FEWEST_PROBES * (load.warmup + load.duration);
  if (maxTime !== undefined && maxTime < fewestMs) {
    const needed = `${FEWEST_PROBES} probes of load.warmup and load.duration take ${fewestMs / 1000} s`;
    problems.push(inSearch('maxTime', `is too short: ${needed}`));
  }
  return [...problems, ...latencyProblems(search, load.timing, consumers.groups)];
}

function latencyProblems(
  { latency, max }: RateSearch,
  timing: CellWorkload['load']['timing'],
  groups: number,
): Problem[] {
  if (latency === undefined) return [];
  let limit: LatencyLimit;
  try {
    limit = parseLatencyLimit(latency);
  } catch (error) {
    return [inSearch('latency', (error as Error).message)];
  }
  const problems: Problem[] = [];
  if (timing === 'counts') {
    problems.push(at(['timing'], 'counts measures no latency; the search limits one: use each'));
  }
  if (limit.latency === 'end-to-end' && groups === 0) {
    problems.push(inSearch('latency', 'end-to-end needs a consumer group: raise consumers.groups'));
  }
  const lowest = lowestTellingPerSec(limit);
  if (max?.kind === 'records' && max.perSec < lowest) {
    const why = `below ${lowest.toFixed(1)}/s ${limit.percentile} has too few samples in any probe`;
    problems.push(inSearch('max', `is too low for the latency limit: ${why}`));
  }
  return problems;
}
