// What the machine lacks. The functions that look at the machine are passed in, so that tests can pretend.

export const MIN_NODE = 20;

/** Headers that the addon's build against system libraries includes. */
const HEADERS = {
  libcurl: ['curl/curl.h'],
  openssl: ['openssl/ssl.h'],
  sasl: ['sasl/sasl.h'],
  zlib: ['zlib.h'],
  zstd: ['zstd.h'],
  lz4: ['lz4.h'],
};

export function nodeMajor(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10);
}

/**
 * The compiler and what node-gyp needs beside it.
 * @param {{ hasCommand(name: string): boolean }} machine
 */
export function missingTools(machine) {
  const missing = [];
  if (!['g++', 'c++', 'clang++'].some((name) => machine.hasCommand(name))) missing.push('g++');
  for (const tool of ['make', 'python3']) if (!machine.hasCommand(tool)) missing.push(tool);
  return missing;
}

/**
 * What a build of the Kafka client from source lacks.
 * @param {{ hasCommand(name: string): boolean, hasHeader(path: string): boolean }} machine
 */
export function missingForBuild(machine) {
  const missing = missingTools(machine);
  for (const [library, headers] of Object.entries(HEADERS)) {
    if (!headers.every((header) => machine.hasHeader(header))) missing.push(library);
  }
  return missing;
}

/**
 * What the local Kafka lacks. With KAFKA_HOME nothing is fetched, so Maven is not needed.
 * @param {{ hasCommand(name: string): boolean, hasJava(): boolean, kafkaHome: string | undefined }} machine
 */
export function missingForKafka(machine) {
  const missing = [];
  if (!machine.hasJava()) missing.push('java');
  if (!machine.kafkaHome && !machine.hasCommand('mvn')) missing.push('maven');
  return missing;
}
