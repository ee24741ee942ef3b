/** A row of brokers.csv: what one broker's metrics said of one second; null where they did not. */
export interface BrokerSecondRow {
  readonly broker: string;
  readonly tSec: number;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** The rows of a brokers.csv; a line cut off by a kill is left out, a text without its header holds none. */
export function parseBrokerSeconds(text: string): BrokerSecondRow[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [header = '', ...lines] = whole.split(/\r?\n/);
  const columns = header.split(',');
  if (columns[0] !== 'broker' || columns[1] !== 'tSec') return [];
  return lines
    .filter((line) => line !== '')
    .flatMap((line): BrokerSecondRow[] => {
      // An address holds no comma, and everything else is a number.
      const [broker = '', tSec = '', ...values] = line.split(',');
      if (!Number.isInteger(Number(tSec))) return [];
      const figures = Object.fromEntries(
        columns.slice(2).map((name, index) => {
          const field = values[index] ?? '';
          return [name, field === '' || !Number.isFinite(Number(field)) ? null : Number(field)] as const;
        }),
      );
      return [{ broker, tSec: Number(tSec), figures }];
    });
}
