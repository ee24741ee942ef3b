import { readFileSync } from 'node:fs';
import type { Scalar } from '../../common/scalar.ts';
import { type Address, addressText } from './addresses.ts';
import { tryLogin } from './login.ts';
import { type Found, probePlain, probeTls } from './probe.ts';

/** What keeps a client from a broker, in words, and what to do about it. */
export interface Diagnosis {
  readonly problem: string;
  readonly remedy: string;
}

const PROBE_LIMIT_MS = 3_000;

type Settings = Readonly<Record<string, Scalar>>;

const usesTls = (settings: Settings): boolean => /ssl$/i.test(String(settings['security.protocol'] ?? ''));

function caOf(settings: Settings): string | undefined {
  const pem = settings['ssl.ca.pem'];
  if (pem !== undefined) return String(pem);
  const file = settings['ssl.ca.location'];
  if (file === undefined) return undefined;
  try {
    return readFileSync(String(file), 'utf8');
  } catch {
    return undefined;
  }
}

function aboutCertificate(code: string, reason: string, where: string): Diagnosis {
  if (code === 'CERT_HAS_EXPIRED') {
    return {
      problem: `the certificate of ${where} has expired (${reason})`,
      remedy: 'renew it on the broker; where it is valid, set the clock of this machine',
    };
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return {
      problem: `the certificate of ${where} is not valid yet (${reason})`,
      remedy: 'compare the clocks of this machine and of whoever issued it',
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      problem: `the certificate of ${where} is for another host (${reason})`,
      remedy:
        'connect by a name that the certificate holds, or switch the check off by an empty ssl.endpoint.identification.algorithm',
    };
  }
  return {
    problem: `the certificate of ${where} is signed by an authority that is not trusted here (${reason})`,
    remedy: 'name the authority’s PEM file in ssl.truststore.location with ssl.truststore.type=PEM',
  };
}

function inWords(found: Found, where: string, tls: boolean): Diagnosis | null {
  switch (found.kind) {
    case 'kafka':
      return null;
    case 'unknown-host':
      return {
        problem: `${where}: there is no host of that name (${found.reason})`,
        remedy: 'check the spelling and the name server',
      };
    case 'refused':
      return {
        problem: `${where}: nobody listens there (${found.reason})`,
        remedy: 'check the port, and that the broker is up',
      };
    case 'timeout':
      return {
        problem: `${where}: ${found.reason}`,
        remedy: 'check firewalls and security groups between here and there',
      };
    case 'unreachable':
      return { problem: `${where}: ${found.reason}`, remedy: 'check the network between here and there' };
    case 'speaks-tls':
      return {
        problem: `${where} does not answer in plain text; it may want TLS`,
        remedy: 'set security.protocol=SSL or SASL_SSL',
      };
    case 'speaks-plain-text':
      return {
        problem: `${where} answers in plain text, and security.protocol asks for TLS`,
        remedy: 'set security.protocol=PLAINTEXT or SASL_PLAINTEXT, or use the port of the TLS listener',
      };
    case 'no-kafka':
      return { problem: `${where} answers, and not as a Kafka broker`, remedy: 'check the port' };
    case 'certificate':
      return tls ? aboutCertificate(found.code, found.reason, where) : null;
  }
}

/** What is wrong at one address; null where a broker answers there as it should. */
export async function diagnose(address: Address, settings: Settings): Promise<Diagnosis | null> {
  const tls = usesTls(settings);
  const found = tls
    ? await probeTls(
        address,
        { ca: caOf(settings), hostNames: settings['ssl.endpoint.identification.algorithm'] !== 'none' },
        PROBE_LIMIT_MS,
      )
    : await probePlain(address, PROBE_LIMIT_MS);
  return inWords(found, addressText(address), tls) ?? (await diagnoseLogin(address, settings));
}

async function diagnoseLogin(address: Address, settings: Settings): Promise<Diagnosis | null> {
  const answer = await tryLogin(address, settings, PROBE_LIMIT_MS);
  if (answer === null) return null;
  const where = addressText(address);
  switch (answer.kind) {
    case 'mechanism':
      return {
        problem: `${where} does not offer sasl.mechanism=${settings['sasl.mechanism']}`,
        remedy:
          answer.offered.length === 0 ? 'its listener has no SASL' : `it offers ${answer.offered.join(', ')}`,
      };
    case 'refused':
      return {
        problem: `${where} refused the login: ${answer.reason}`,
        remedy:
          'check user name and password; quotes, blanks and escapes of the file belong to the value where Java reads them so',
      };
    case 'hung-up':
      return {
        problem: `${where} hung up during the login (${answer.reason})`,
        remedy:
          settings['ssl.certificate.location'] === undefined &&
          settings['ssl.keystore.location'] === undefined
            ? 'it may want a certificate of the client: set ssl.keystore.location to a PEM or PKCS12 file'
            : 'see the broker’s log for why',
      };
  }
}

/** What is wrong, where every address has something; null where one of them answers. */
export async function diagnoseAll(
  addresses: readonly Address[],
  settings: Settings,
): Promise<Diagnosis[] | null> {
  const all = await Promise.all(addresses.map((address) => diagnose(address, settings)));
  const wrong = all.filter((one) => one !== null);
  return wrong.length === addresses.length ? wrong : null;
}
