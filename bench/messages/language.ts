/** Languages that the first screen, the verdicts and the errors of a run are written in. */
export type Language = 'en' | 'ko';
