import { BESIDE_SCRIPT } from './beside-script.ts';
import { RANGE_SCRIPT } from './range-script.ts';

/** What a report can do beyond the other pages. */
export const REPORT_SCRIPT = `${BESIDE_SCRIPT}${RANGE_SCRIPT}`;
