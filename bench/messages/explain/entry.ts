/** What something that ksweep names means, and what to do about it. */
export interface Explanation {
  readonly means: string;
  readonly next: string;
}

/** In English, and in Korean where it belongs to the main job: a run, its verdicts and its errors. */
export interface Entry {
  readonly en: Explanation;
  readonly ko?: Explanation;
}

export const entry = (means: string, next: string): Entry => ({ en: { means, next } });

export const inBoth = (
  en: readonly [means: string, next: string],
  ko: readonly [means: string, next: string],
): Required<Entry> => ({ en: { means: en[0], next: en[1] }, ko: { means: ko[0], next: ko[1] } });
