import { KsweepError } from '../../common/errors.ts';
import { readText } from '../../common/read-text.ts';
import type { DrawAt } from './shape.ts';

/** Draws values that a schema allows and writes them in its format. */
export interface Serializer {
  /** One value as the format's library takes it. */
  readonly draw: (at: DrawAt) => unknown;
  /** Without the wire format's header. */
  readonly encode: (value: unknown) => Uint8Array;
  /** The path to a Protobuf message in its file; null for the other formats. */
  readonly messageIndexes: readonly number[] | null;
}

export const refuse = (message: string, hint?: string): KsweepError =>
  new KsweepError(
    'workload-invalid',
    `records.payload.schema: ${message}`,
    hint === undefined ? {} : { hint },
  );

export const unsupported = (file: string, what: string): KsweepError =>
  refuse(`${file}: ksweep cannot make values of ${what}`, 'use a schema without it, or `source: file`');

export const noFiniteValue = (file: string): KsweepError =>
  refuse(`${file}: no value of this schema has an end: a record always holds another one of its own type`);

export const wordOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function readSchema(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw refuse(`${file} cannot be read: ${wordOf(error)}`, 'paths are relative to the workload file');
  }
}

export function parseJson(file: string): unknown {
  const text = readSchema(file);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw refuse(`${file} is no JSON: ${wordOf(error)}`);
  }
}
