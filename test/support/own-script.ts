import { REPORT_SCRIPT } from '../../reports/html/report-script.ts';
import { SCRIPT } from '../../reports/html/script.ts';

/** A page without the scripts that ksweep puts into it: whatever script is left came from elsewhere. */
export const withoutOwnScript = (html: string): string =>
  [SCRIPT, REPORT_SCRIPT].reduce((text, script) => text.replace(`<script>${script}</script>`, ''), html);
