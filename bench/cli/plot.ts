import { type Command, Option } from 'commander';
import { PLOT_TYPES, type PlotType } from '../../reports/plot/plot-types.ts';

interface PlotFlags {
  readonly type: PlotType;
  readonly output?: string;
  readonly cell?: string;
  readonly metric?: string;
  readonly terminal?: true;
}

export function registerPlot(program: Command): void {
  program
    .command('plot')
    .description('Draw one view of a run folder as SVG, or as text in the terminal.')
    .argument('<dir>', 'run folder')
    .addOption(new Option('--type <type>', 'what to draw').choices(PLOT_TYPES).makeOptionMandatory())
    .option('-o, --output <file>', 'SVG file; default: stdout')
    .option('--cell <id>', 'hdr, hockey and series: this cell only')
    .option('--metric <key>', 'heatmap: metric such as due-to-ack.p99 or cpu.producerUsPerMB')
    .option('--terminal', 'print it as text')
    .action(async (dir: string, flags: PlotFlags) => {
      const { plotRun } = await import('../../reports/plot/plot.ts');
      const plot = await plotRun(dir, flags.type, {
        cellId: flags.cell ?? null,
        metric: flags.metric ?? null,
      });
      if (flags.terminal === true) {
        process.stdout.write(plot.text(process.stdout.columns ?? 100));
      } else if (flags.output === undefined) {
        process.stdout.write(plot.svg());
      } else {
        const { writeAtomically } = await import('../common/write-atomically.ts');
        await writeAtomically(flags.output, [plot.svg()]);
        process.stderr.write(`${plot.view.reading}\n`);
      }
    });
}
