import { createInterface } from 'node:readline/promises';
import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  findPrices,
  loadCatalog,
  overridePrices,
  readPriceOverrides,
} from '../../../infra/catalog/catalog.ts';
import type { Prices } from '../../../infra/catalog/schema.ts';
import { ec2Client } from '../../../infra/ec2/client.ts';
import { type LoadedSpec, loadSpec } from '../../../infra/ec2/spec.ts';
import { KsweepError } from '../../common/errors.ts';
import { StatusLine } from '../../common/terminal.ts';
import type { InfraFlags } from './flags.ts';

/** What every verb works with. */
export interface InfraContext {
  readonly flags: InfraFlags;
  readonly loaded: LoadedSpec;
  readonly catalog: ReturnType<typeof loadCatalog>;
  readonly ec2: EC2Client;
  readonly onLine: (line: string) => void;
}

/** Checks the spec before anything else, and lets go of the client at the end. */
export async function withInfra<T>(
  flags: InfraFlags,
  use: (context: InfraContext) => Promise<T>,
): Promise<T> {
  const catalog = loadCatalog();
  const loaded = loadSpec(flags.spec, catalog);
  const ec2 = ec2Client(loaded.spec.region);
  const status = new StatusLine();
  const startedAt = Date.now();
  try {
    return await use({
      flags,
      loaded,
      catalog,
      ec2,
      onLine: (line) =>
        status.print(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(4)} s  ${line}`),
    });
  } finally {
    ec2.destroy();
  }
}

export function pricesFor({ catalog, loaded, flags }: InfraContext): Prices {
  const base = findPrices(catalog, loaded.spec.region);
  return flags.prices === undefined ? base : overridePrices(base, readPriceOverrides(flags.prices));
}

/** Asks a person; a machine has to say --yes. Throws usage where it is neither agreed nor asked. */
export async function agreed(flags: { readonly yes?: true }, question: string): Promise<void> {
  if (flags.yes === true) return;
  if (process.stdin.isTTY !== true) {
    throw new KsweepError('usage', `${question}: confirmation needed`, { hint: 'add --yes' });
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question(`${question}? [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    asking.close();
  }
  throw new KsweepError('usage', 'nothing was changed');
}

export function printResult(flags: { readonly json?: true }, value: unknown, text: () => string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(value)}\n` : `${text()}\n`);
}
