import { SCRIPT } from '../../reports/html/script.ts';

/** A page without the one script that ksweep puts into it: whatever script is left came from elsewhere. */
export const withoutOwnScript = (html: string): string => html.replace(`<script>${SCRIPT}</script>`, '');
