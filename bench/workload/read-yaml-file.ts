import { KsweepError } from '../common/errors.ts';
import { readText } from '../common/read-text.ts';
import { parseYaml, type YamlSource } from '../common/yaml/yaml-source.ts';

/** Reads a file of settings. Throws workload-missing where it cannot be read, workload-invalid where it is no YAML. */
export function readYamlFile(file: string): { readonly text: string; readonly yaml: YamlSource } {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new KsweepError('workload-missing', `${file} cannot be read: ${(error as Error).message}`);
  }
  return { text, yaml: parseYaml(file, text) };
}
