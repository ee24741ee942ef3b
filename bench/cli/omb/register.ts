import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../../common/errors.ts';

interface ImportFlags {
  readonly driver?: string;
  readonly output?: string;
  readonly json?: true;
}

interface ExportFlags {
  readonly output?: string;
  readonly json?: true;
}

/** `ksweep import omb` and `ksweep export omb`: OpenMessaging Benchmark's files in and out. */
export function registerOmb(program: Command): void {
  program
    .command('import')
    .description('Make a workload of another tool’s files.')
    .command('omb')
    .description(
      'OpenMessaging Benchmark’s workload and Kafka driver as a commented workload; what is lost is named.',
    )
    .argument('<workload>', 'OMB’s workload file (YAML)')
    .option('--driver <file>', 'OMB’s Kafka driver file: replication factor, topic and client settings')
    .option('-o, --output <file>', 'where the workload goes; default: standard output')
    .option('--json', 'print one JSON document on stdout')
    .action(async (file: string, { driver, output, json }: ImportFlags) => {
      const { importOmb } = await import('../../omb/import.ts');
      const { writeAtomically } = await import('../../common/write-atomically.ts');
      const baseDir = output === undefined ? process.cwd() : dirname(resolve(output));
      const pathOf = (absolute: string): string => relative(baseDir, absolute);
      const imported = importOmb(file, driver, { baseDir, pathOf });
      if (output !== undefined) await writeAtomically(output, [imported.text]);
      if (json === true) {
        const { text, losses, cells } = imported;
        console.log(JSON.stringify({ output: output ?? null, workload: text, losses, cells }));
        return;
      }
      if (output === undefined) process.stdout.write(imported.text);
      for (const { field, value, why } of imported.losses) {
        console.error(`${field}${value === null ? '' : ` (${String(value)})`}: ${why}`);
      }
      if (output !== undefined)
        console.error(`${output}: check it with ksweep validate, run it with ksweep run`);
    });

  program
    .command('export')
    .description('Write a run as another tool’s files.')
    .command('omb')
    .description(
      'Each cell of a run folder as OpenMessaging Benchmark’s result JSON, from its valid repeats.',
    )
    .argument('<dir>', 'run folder')
    .option('-o, --output <dir>', 'where the files go; default: omb/ in the run folder')
    .option('--json', 'print one JSON document on stdout')
    .action(async (dir: string, { output, json }: ExportFlags) => {
      const { exportOmb } = await import('../../omb/export.ts');
      const cells = await exportOmb(dir, output ?? join(dir, 'omb'));
      if (json === true) console.log(JSON.stringify(cells));
      for (const { cell, file, notes } of cells) {
        if (json !== true && file !== null) console.log(file);
        for (const note of notes) console.error(`${cell}: ${note}`);
      }
      process.exitCode = cells.some(({ file }) => file === null) ? EXIT.invalid : EXIT.pass;
    });
}
