/** Languages that the first screen, the verdicts and the errors of a run are written in. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

let current: Language = 'en';

/** Of this process: --lang or KSWEEP_LANG sets it before anything is said. */
export const language = (): Language => current;
export const setLanguage = (chosen: Language): void => {
  current = chosen;
};

/** What is written for machines is in one language, whatever its reader speaks. */
export function inEnglish<T>(write: () => T): T {
  const before = current;
  current = 'en';
  try {
    return write();
  } finally {
    current = before;
  }
}
