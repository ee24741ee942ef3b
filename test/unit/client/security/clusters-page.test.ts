import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readClientSettings } from '../../../../bench/client/security/client-properties.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('docs/clusters.md');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-clusters-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

/** Where the page says that files are. */
const STORES = '/etc/ksweep';

/** Every block of client properties of the page, by the heading above it. */
function blocks(): [heading: string, properties: string][] {
  const page = readFileSync(join(packageRoot(), 'docs', 'clusters.md'), 'utf8');
  return page.split(/^## /m).flatMap((section) => {
    const heading = section.split('\n')[0] ?? '';
    const fenced = [...section.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    return fenced
      .filter((text) => text.startsWith('security.protocol='))
      .map((text): [string, string] => [heading, text]);
  });
}

function read(properties: string) {
  for (const [path = ''] of properties.matchAll(/\/etc\/ksweep\/\S+/g))
    writeFileSync(join(dir, path.slice(STORES.length)), '');
  const file = join(dir, 'client.properties');
  writeFileSync(file, properties.replaceAll(STORES, dir));
  return readClientSettings(file, {});
}

test('each block of properties is taken as it stands', () => {
  const seen = blocks().map(([heading, properties]) => {
    const settings = read(properties);
    return `${heading}: ${settings['sasl.mechanism'] ?? settings['security.protocol']}`;
  });
  assert.equal(seen, [
    'Amazon MSK: SCRAM-SHA-512',
    'Amazon MSK: ssl',
    'Amazon MSK: OAUTHBEARER',
    'Amazon MSK: OAUTHBEARER',
    'Confluent Cloud: PLAIN',
    'Redpanda: SCRAM-SHA-256',
    'Strimzi: SCRAM-SHA-512',
    'Strimzi: ssl',
    'Azure Event Hubs: PLAIN',
    'Azure Event Hubs: OAUTHBEARER',
    'Google Cloud: OAUTHBEARER',
    'Tokens: OAUTHBEARER',
    'Kerberos: GSSAPI',
  ]);
});

test('a handler that has no equivalent is refused', () => {
  const own = 'sasl.login.callback.handler.class=com.example.OurHandler';
  assert.throws(() => read(`security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\n${own}\n`), /./);
  assert.throws(() => read('security.protocol=SASL_SSL\nsasl.mechanism=GSSAPI\n'));
});

test.run();
