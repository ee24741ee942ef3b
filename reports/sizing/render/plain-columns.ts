import Table from 'cli-table3';
import { formatNumber } from '../../../bench/common/format-number.ts';

const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Columns of plain text, no lines around them, so that they can be pasted. */
export function columns(rows: readonly (readonly string[])[], head: readonly string[] = []): string {
  const table = new Table({
    chars: BARE,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    ...(head.length > 0 ? { head: [...head] } : {}),
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

export const money = (amount: number | null, currency: string) =>
  amount === null ? 'price not known' : `${formatNumber(Number(amount.toFixed(2)))} ${currency}`;
