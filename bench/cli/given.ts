import type { Command } from 'commander';
import { KsweepError } from '../common/errors.ts';

/**
 * Refuses options that have no effect beside another one: what a user asks for and does not get is an error.
 * @param with the option that decides, such as `--resume`
 * @param allowed options (as commander names them) that go with it
 */
export function refuseBeside(
  command: Command,
  decisive: string,
  why: string,
  allowed: readonly string[],
): void {
  const given = command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .filter((option) => option.long !== decisive && !allowed.includes(option.attributeName()))
    .map((option) => option.long ?? option.flags);
  if (given.length === 0) return;
  throw new KsweepError('usage', `${given.join(', ')}: no effect beside ${decisive}`, { hint: why });
}
