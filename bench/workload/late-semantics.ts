import { type Problem, wrongValue } from '../common/yaml/issues.ts';
import type { CellWorkload } from './plan.ts';

/** Groups that begin late need others to be late beside, and a load under way. */
export function lateProblems({ consumers, load }: CellWorkload): Problem[] {
  const { late, groups, backlog } = consumers;
  if (late === undefined) return [];
  const at = (key: string, message: string): Problem => wrongValue(['consumers', 'late', key], message);
  if (late.groups >= groups) {
    return [at('groups', `of ${groups} groups (consumers.groups) at least one has to read from the start`)];
  }
  if (late.after >= load.duration) return [at('after', 'lies beyond the measured window (load.duration)')];
  if (load.producers === 0 || backlog > 0) {
    return [at('after', 'needs producers and no consumers.backlog, in which all groups begin behind')];
  }
  return [];
}
