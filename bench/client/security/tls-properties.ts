import { existsSync } from 'node:fs';
import type { Problems } from './problems.ts';
import { type Properties, refuse } from './properties-file.ts';

/** Kafka's truststore and keystore properties as librdkafka's; `https` host name checks unless switched off. */
export function tlsSettings(properties: Properties, problems: Problems): Record<string, string> {
  const parts = [trust, identity, hostNames].map((part) => problems.attempt(() => part(properties)) ?? {});
  return Object.assign({}, ...parts);
}

/** PEM, PKCS12 or JKS: as stated, else by the file's name. Java's own default is JKS. */
function storeType(properties: Properties, store: 'truststore' | 'keystore', location: string): string {
  const stated = properties.get(`ssl.${store}.type`)?.value.toUpperCase();
  if (stated !== undefined) return stated;
  if (/\.(pem|crt|cer|key)$/i.test(location)) return 'PEM';
  return /\.(p12|pfx)$/i.test(location) ? 'PKCS12' : 'JKS';
}

function existing(where: string, key: string, path: string): string {
  if (!existsSync(path)) refuse(where, `${key}: there is no file ${path}`);
  return path;
}

function trust(properties: Properties): Record<string, string> {
  const inline = properties.get('ssl.truststore.certificates');
  if (inline !== undefined) return { 'ssl.ca.pem': inline.value };
  const location = properties.get('ssl.truststore.location');
  if (location === undefined) return {};
  const { value, where } = location;
  // KSWEEP_SSL_CA_LOCATION is a CA file by its name, whatever it is called.
  const type = where === 'KSWEEP_SSL_CA_LOCATION' ? 'PEM' : storeType(properties, 'truststore', value);
  if (type === 'PEM') return { 'ssl.ca.location': existing(where, 'ssl.truststore.location', value) };
  const asPkcs12 =
    type === 'JKS'
      ? `keytool -importkeystore -srckeystore ${value} -destkeystore truststore.p12 -deststoretype PKCS12 && `
      : '';
  const source = type === 'JKS' ? 'truststore.p12' : value;
  return refuse(
    where,
    `a ${type} truststore cannot be read: OpenSSL takes CA certificates in PEM form`,
    `convert it with \`${asPkcs12}openssl pkcs12 -in ${source} -nokeys -out truststore.pem\`, then set ssl.truststore.type=PEM`,
  );
}

function identity(properties: Properties): Record<string, string> {
  const password = properties.get('ssl.key.password')?.value;
  const keyPassword = password === undefined ? {} : { 'ssl.key.password': password };
  const chain = properties.get('ssl.keystore.certificate.chain');
  const key = properties.get('ssl.keystore.key');
  if (chain !== undefined || key !== undefined) {
    if (chain === undefined || key === undefined) {
      return refuse(
        (chain ?? key)?.where ?? 'ssl.keystore',
        'ssl.keystore.certificate.chain and ssl.keystore.key go together',
      );
    }
    return { 'ssl.certificate.pem': chain.value, 'ssl.key.pem': key.value, ...keyPassword };
  }
  const location = properties.get('ssl.keystore.location');
  if (location === undefined) return {};
  const path = existing(location.where, 'ssl.keystore.location', location.value);
  const type = storeType(properties, 'keystore', path);
  // Kafka's PEM keystore is one file with the key and the certificate chain.
  if (type === 'PEM') return { 'ssl.key.location': path, 'ssl.certificate.location': path, ...keyPassword };
  if (type === 'PKCS12') {
    const storePassword = properties.get('ssl.keystore.password')?.value ?? password;
    return {
      'ssl.keystore.location': path,
      ...(storePassword === undefined ? {} : { 'ssl.keystore.password': storePassword }),
    };
  }
  return refuse(
    location.where,
    `a ${type} keystore cannot be read: OpenSSL takes PEM or PKCS12`,
    `convert it with \`keytool -importkeystore -srckeystore ${path} -destkeystore keystore.p12 -deststoretype PKCS12\`, then set ssl.keystore.type=PKCS12`,
  );
}

function hostNames(properties: Properties): Record<string, string> {
  const property = properties.get('ssl.endpoint.identification.algorithm');
  const value = property?.value.toLowerCase() ?? 'https';
  if (value === 'https') return { 'ssl.endpoint.identification.algorithm': 'https' };
  if (value === '' || value === 'none') return { 'ssl.endpoint.identification.algorithm': 'none' };
  return refuse(
    property?.where ?? '',
    `ssl.endpoint.identification.algorithm=${value}: expected https, or nothing to switch the check off`,
  );
}
