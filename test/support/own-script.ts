import { BESIDE_SCRIPT } from '../../reports/html/beside-script.ts';
import { SCRIPT } from '../../reports/html/script.ts';

/** A page without the scripts that ksweep puts into it: whatever script is left came from elsewhere. */
export const withoutOwnScript = (html: string): string =>
  [SCRIPT, BESIDE_SCRIPT].reduce((text, script) => text.replace(`<script>${script}</script>`, ''), html);
