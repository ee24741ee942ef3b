import { keysIn } from '../common/yaml/keys.ts';
import type { Path } from '../common/yaml/yaml-source.ts';
import { workloadSchema } from './schema.ts';

/** The keys that a workload may have at a path, for suggestions. */
export function keysAt(path: Path): string[] {
  return keysIn(workloadSchema, path);
}
