import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from './shells.ts';

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print the completion script for a shell: source <(ksweep completion bash).')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./script.ts');
      process.stdout.write(completionScript(program, shell));
    });
}
