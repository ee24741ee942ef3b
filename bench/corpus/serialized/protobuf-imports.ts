import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import protobuf from 'protobufjs';
import { readSchema, refuse } from './serializer.ts';

/** A .proto file and its text; one of Google's common types has no path, and its name in place of a text. */
interface ProtoFile {
  readonly path: string | null;
  readonly text: string;
}

/** A compiler is told its import roots; here they are the folders around the file, nearest first. */
function found(name: string, around: string): string | null {
  for (let folder = dirname(around); ; folder = dirname(folder)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) return null;
  }
}

/** A file and all that it imports, each once. Throws workload-invalid for an import that is in no folder around it. */
export function withImports(file: string): ProtoFile[] {
  const files: ProtoFile[] = [];
  const seen = new Set<string>();
  const add = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readSchema(path);
    const { imports = [], weakImports = [] } = protobuf.parse(text, new protobuf.Root(), { keepCase: true });
    for (const name of [...imports, ...weakImports]) {
      if (protobuf.common.get(name)?.nested !== undefined) {
        if (!seen.has(name)) files.push({ path: null, text: name });
        seen.add(name);
        continue;
      }
      const imported = found(name, path);
      if (imported === null) {
        throw refuse(
          `${path} imports "${name}", which is in no folder around it`,
          'put it where a path relative to one of them finds it, as protoc --proto_path does',
        );
      }
      add(imported);
    }
    files.push({ path, text });
  };
  add(resolve(file));
  return files;
}
