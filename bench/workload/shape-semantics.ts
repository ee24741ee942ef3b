import { type Problem, wrongValue } from '../common/yaml/issues.ts';
import type { CellWorkload } from './plan.ts';

/** What makes a load's shape impossible, or something else than it says. */
export function shapeProblems({ load }: CellWorkload): Problem[] {
  const { rate, arrivals, producers } = load;
  if (rate === 'max' || 'kind' in rate || 'steps' in rate || 'search' in rate) return [];
  const [kind] = Object.keys(rate) as [string];
  const at = (key: string, message: string): Problem =>
    wrongValue(['load', 'rate', kind, ...(key === '' ? [] : [key])], message);
  const problems: Problem[] = [];
  if (producers === 0) problems.push(at('', 'a load needs a producer: raise load.producers'));
  if ('sine' in rate && rate.sine.period < 1) problems.push(at('period', 'has to be 1 ms or more'));
  if ('bursts' in rate && rate.bursts.every < 1) problems.push(at('every', 'has to be 1 ms or more'));
  if ('replay' in rate && arrivals === 'poisson') {
    const message = 'a replay has the arrivals of its sample: leave out arrivals';
    problems.push(wrongValue(['load', 'arrivals'], message));
  }
  return problems;
}
