import type { JaasLogin } from './jaas.ts';
import type { Problems } from './problems.ts';
import { type Properties, refuse } from './properties-file.ts';

/** What proves that a ticket is in the cache, in place of getting one: kinit is its owner's. */
const TICKET_IN_CACHE = 'klist -s';

/**
 * Kerberos by the system's own libraries (Cyrus SASL's GSSAPI plug-in and kinit): Java's Krb5LoginModule as
 * librdkafka's settings.
 */
export function kerberosSettings(
  properties: Properties,
  problems: Problems,
  where: string,
  login: JaasLogin | undefined,
): Record<string, string> {
  const { options } = login ?? { options: {} as JaasLogin['options'] };
  const service = properties.get('sasl.kerberos.service.name')?.value ?? options['serviceName'];
  const { keyTab, principal } = options;
  const cached = options['useTicketCache'] === 'true';
  problems.attempt(() => {
    if (!service) refuse(where, 'GSSAPI needs sasl.kerberos.service.name, as a rule kafka');
    if (!cached && (!keyTab || !principal)) {
      refuse(
        where,
        'GSSAPI needs keyTab and principal, or useTicketCache=true, in sasl.jaas.config',
        'such as: com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab="/etc/ksweep.keytab" principal="ksweep@EXAMPLE.COM";',
      );
    }
  });
  return {
    'sasl.mechanism': 'GSSAPI',
    'sasl.kerberos.service.name': service ?? '',
    ...(principal === undefined ? {} : { 'sasl.kerberos.principal': principal }),
    ...(cached ? { 'sasl.kerberos.kinit.cmd': TICKET_IN_CACHE } : { 'sasl.kerberos.keytab': keyTab ?? '' }),
  };
}
