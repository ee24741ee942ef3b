/** Bytes of what ties a record to its run; bench/results/stamp.ts says what is in them. */
export const STAMP_BYTES = 24;

/** The header that carries them where the payload does not. */
export const STAMP_HEADER = 'ksweep';
