import { KsweepError } from '../../common/errors.ts';
import { tokensOf } from './stream-tokenizer.ts';

/** Login modules of Apache Kafka, Amazon MSK and the JDK, and what each is for. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  PlainLoginModule: ['PLAIN'],
  ScramLoginModule: ['SCRAM-SHA-256', 'SCRAM-SHA-512'],
  OAuthBearerLoginModule: ['OAUTHBEARER'],
  IAMLoginModule: ['AWS_MSK_IAM'],
  Krb5LoginModule: ['GSSAPI'],
};
const FLAGS = ['REQUIRED', 'REQUISITE', 'SUFFICIENT', 'OPTIONAL'];

export interface JaasLogin {
  readonly module: string;
  readonly mechanisms: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

const EXAMPLE =
  'expected: org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";';

/**
 * Parses the value of `sasl.jaas.config` by the grammar of Kafka's own JaasConfig class: one module, a control flag,
 * key=value options in any order, a semicolon. The message never repeats a value: one of them is the password.
 */
export function parseJaas(value: string, where: string): JaasLogin {
  const refuse = (why: string, hint = EXAMPLE): never => {
    throw new KsweepError('client-properties-invalid', `${where}: sasl.jaas.config: ${why}`, { hint });
  };
  const tokens = tokensOf(value);
  const word = (at: number): string | null => {
    const token = tokens[at];
    return token?.kind === 'word' || token?.kind === 'quoted' ? token.text : null;
  };
  const isSign = (at: number, sign: string): boolean => {
    const token = tokens[at];
    return token?.kind === 'sign' && token.text === sign;
  };
  const className = word(0) ?? refuse('it names no login module');
  const flag = word(1) ?? refuse('after the login module stands no control flag such as required');
  if (!FLAGS.includes(flag.toUpperCase()))
    refuse('after the login module stands no control flag such as required');
  const options: Record<string, string> = {};
  let at = 2;
  while (at < tokens.length && !isSign(at, ';')) {
    const key = word(at) ?? refuse('an option has no name');
    if (!isSign(at + 1, '=')) refuse(`option ${key} has no value`);
    const text = word(at + 2);
    if (text === null) {
      refuse(
        tokens[at + 2]?.kind === 'number'
          ? `the value of ${key} begins like a number and has no quotes`
          : `option ${key} has no value`,
        'put the value in quotes, as Java asks for',
      );
    }
    options[key] = text ?? '';
    at += 3;
  }
  if (at >= tokens.length)
    refuse(
      'it does not end with a semicolon',
      'a value with blanks or ; needs quotes; the last character is ;',
    );
  if (at < tokens.length - 1) refuse('it names more than one login module', 'Kafka takes one');
  const module = className.slice(className.lastIndexOf('.') + 1);
  const mechanisms = MODULES[module];
  if (mechanisms === undefined) {
    throw new KsweepError(
      'client-properties-invalid',
      `${where}: login module ${className} has no equivalent here`,
      { hint: `expected one of ${Object.keys(MODULES).join(', ')}` },
    );
  }
  return { module, mechanisms, options };
}
