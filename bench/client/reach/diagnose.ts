import { readFileSync } from 'node:fs';
import { type Address, addressText } from './addresses.ts';
import type { Settings } from './conversation.ts';
import { askAdvertised, tryLogin } from './login.ts';
import { type Found, probePlain, probeTls } from './probe.ts';

/** What keeps a client from a broker, in words, and what to do about it. */
export interface Diagnosis {
  readonly problem: string;
  readonly remedy: string;
}

const PROBE_LIMIT_MS = 3_000;

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

async function found(address: Address, settings: Settings, tls: boolean): Promise<Found> {
  if (!tls) return probePlain(address, PROBE_LIMIT_MS);
  const hostNames = settings['ssl.endpoint.identification.algorithm'] !== 'none';
  return probeTls(address, { ca: caOf(settings), hostNames }, PROBE_LIMIT_MS);
}

/** What is wrong at one address; null where a broker answers there as it should. */
export async function diagnose(address: Address, settings: Settings): Promise<Diagnosis | null> {
  const tls = usesTls(settings);
  const wrong = inWords(await found(address, settings, tls), addressText(address), tls);
  return wrong ?? (await diagnoseLogin(address, settings));
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

const CANT_BE_REACHED = new Set<Found['kind']>(['unknown-host', 'refused', 'timeout', 'unreachable']);

/**
 * Clients go to the addresses that brokers advertise, whatever was given to start with: those of them to which the
 * network has no way. What a login or a certificate is worth is for the client to say.
 */
export async function diagnoseAdvertised(
  advertised: readonly (Address & { readonly id: number })[],
  given: readonly Address[],
  settings: Settings,
): Promise<Diagnosis[]> {
  const tls = usesTls(settings);
  const all = await Promise.all(
    advertised.map(async ({ id, ...address }) => {
      const met = await found(address, settings, tls);
      const wrong = CANT_BE_REACHED.has(met.kind) ? inWords(met, addressText(address), tls) : null;
      return wrong === null ? [] : [`broker ${id} advertises ${wrong.problem}`];
    }),
  );
  const could = given.map(addressText).join(', ');
  return all.flat().map((problem) => ({
    problem,
    remedy: `set advertised.listeners of the broker to an address that can be reached from here (${could} could)`,
  }));
}

/** What keeps a client from the brokers, by every address given or by those that they advertise; null where nothing does. */
export async function diagnoseAll(
  addresses: readonly Address[],
  settings: Settings,
): Promise<Diagnosis[] | null> {
  const all = await Promise.all(addresses.map((address) => diagnose(address, settings)));
  const wrong = all.filter((one) => one !== null);
  if (wrong.length === addresses.length) return wrong;
  const answering = addresses.filter((_, index) => all[index] === null);
  const [first] = answering;
  if (first === undefined) return null;
  const advertised = await askAdvertised(first, settings, PROBE_LIMIT_MS);
  const lost = await diagnoseAdvertised(advertised, answering, settings);
  return lost.length > 0 && lost.length === advertised.length ? lost : null;
}
