import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../../common/package-root.ts';
import { fishTables } from './fish.ts';
import { completionModel } from './model.ts';
import type { Shell } from './shells.ts';
import { shellTables } from './tables.ts';

/** The part of a script that does not depend on what commands there are. */
const codeOf = (shell: Shell): string =>
  readFileSync(join(packageRoot(), 'bench', 'cli', 'completion', `ksweep.${shell}`), 'utf8');

/** What a shell has to read to complete the commands, options and values of a program. */
export function completionScript(program: Command, shell: Shell): string {
  const model = completionModel(program);
  switch (shell) {
    case 'bash':
      return `# Load it with: source <(ksweep completion bash)\n${shellTables(model)}\n${codeOf(shell)}`;
    case 'zsh':
      return `#compdef ksweep\n# Load it with: source <(ksweep completion zsh), after compinit\n${shellTables(model)}\n${codeOf(shell)}`;
    case 'fish': {
      const { before, after } = fishTables(model);
      return `# Load it with: ksweep completion fish | source\n${before}\n${codeOf(shell)}${after}\n`;
    }
  }
}
