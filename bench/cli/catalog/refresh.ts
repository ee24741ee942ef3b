import { EC2Client } from '@aws-sdk/client-ec2';
import { loadCatalog, userCatalogFile } from '../../../infra/catalog/catalog.ts';
import { familiesOf, readInstanceTypes, writeInstances } from '../../../infra/catalog/refresh.ts';

interface RefreshOptions {
  readonly region: string;
  readonly type: readonly string[];
  readonly output?: string;
}

/** `ksweep catalog refresh`: prices stay as they are shipped; `--prices` replaces those. */
export async function refreshCatalog(options: RefreshOptions, today = new Date()): Promise<void> {
  const known = loadCatalog();
  const client = new EC2Client({ region: options.region });
  try {
    const { file, withoutNetworkBaseline } = await readInstanceTypes(
      client,
      {
        region: options.region,
        types: options.type.length > 0 ? options.type : familiesOf(known),
        today: today.toISOString().slice(0, 10),
      },
      known,
    );
    const path = options.output ?? userCatalogFile();
    writeInstances(path, file);
    process.stdout.write(`${file.types.length} instance types as of ${file.asOf} written to ${path}\n`);
    if (withoutNetworkBaseline.length > 0) {
      process.stderr.write(
        `no network baseline, so the network of these is not judged: ${withoutNetworkBaseline.join(', ')}\n`,
      );
    }
  } finally {
    client.destroy();
  }
}
