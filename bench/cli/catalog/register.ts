import type { Command } from 'commander';
import { collect } from '../collect.ts';

/** `ksweep catalog list | show | refresh`: the hardware that sizing knows. */
export function registerCatalog(program: Command): void {
  const catalog = program
    .command('catalog')
    .description('Instance types, volumes and prices that sizing knows');

  catalog
    .command('list')
    .description('every instance type, with its baselines')
    .option('--family <name>', 'only this family, such as m6i')
    .option('--region <name>', 'region of the prices', 'us-east-1')
    .option('--catalog <file>', 'instance figures in place of the refreshed ones')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { listCatalog } = await import('./show.ts');
      listCatalog(options);
    });

  catalog
    .command('show <type>')
    .description('one instance type with its sources, prices and limits on Amazon MSK')
    .option('--catalog <file>', 'instance figures in place of the refreshed ones')
    .option('--json', 'print JSON')
    .action(async (type, options) => {
      const { showInstance } = await import('./show.ts');
      showInstance(type, options);
    });

  catalog
    .command('refresh')
    .description('read live figures of your account through DescribeInstanceTypes')
    .option('--region <name>', 'region to ask', 'us-east-1')
    .option(
      '--type <pattern>',
      'such as m6i.* or i4i.large; repeatable; default: all known families',
      collect,
      [],
    )
    .option('--output <file>', 'write here; default: the file that every later command reads')
    .action(async (options) => {
      const { refreshCatalog } = await import('./refresh.ts');
      await refreshCatalog(options);
    });
}
