import type { Scalar } from '../common/scalar.ts';

type Value = Scalar | readonly unknown[] | { readonly [key: string]: unknown };

/** One setting of the workload that is being written, and where it comes from. */
export interface DraftSetting {
  readonly path: readonly [string] | readonly [string, string];
  readonly value: Value;
  /** The field of OMB's that it is made of. */
  readonly from: string;
  /** What the comment says beside the field; empty where the field says it all. */
  readonly note: string;
}

/** A field, or a part of one, that has no place in a workload; or has one only with another meaning. */
export interface Loss {
  readonly file: string;
  readonly field: string;
  readonly value: unknown;
  readonly why: string;
}

/** A workload as it is put together. */
export class Draft {
  readonly settings: DraftSetting[] = [];
  readonly losses: Loss[] = [];

  set(path: DraftSetting['path'], value: Value, from: string, note = ''): void {
    this.settings.push({ path, value, from, note });
  }

  lose(file: string, field: string, value: unknown, why: string): void {
    this.losses.push({ file, field, value, why });
  }

  /** As a workload file would hold it. */
  input(): Record<string, unknown> {
    const input: Record<string, unknown> = {};
    for (const { path, value } of this.settings) {
      const [section, key] = path;
      if (key === undefined) input[section] = value;
      else input[section] = { ...(input[section] as object | undefined), [key]: value };
    }
    return input;
  }

  /** The field of OMB's behind a setting; null where there is none. */
  originOf(path: readonly (string | number)[]): string | null {
    const [section, key] = path;
    const exact = this.settings.find(({ path: own }) => own[0] === section && own[1] === key);
    return (exact ?? this.settings.find(({ path: own }) => own[0] === section))?.from ?? null;
  }
}
