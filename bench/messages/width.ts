/** Hangul, CJK and full-width forms take two columns of a terminal; everything that ksweep prints besides takes one. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** Columns that a text takes in a terminal. */
export const columnsOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);
