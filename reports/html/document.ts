import { PALETTE_CSS } from '../charts/palette.ts';
import { escaped } from './markup.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** Whatever gets into a page, it loads nothing and sends nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

interface PageOptions {
  readonly style?: string;
  /** A script of its own, after the one of every page. */
  readonly script?: string;
  /** Asks the server that it came from for more; no other page asks anyone for anything. */
  readonly connects?: boolean;
}

/** A whole document around its body, the same design for every page; no font and nothing else from a network. */
export function htmlDocument(title: string, body: string, options: PageOptions = {}): string {
  const policy = options.connects === true ? `${POLICY}; connect-src 'self'` : POLICY;
  const own = options.script === undefined ? '' : `\n<script>${options.script}</script>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style>
${PALETTE_CSS}${STYLE}${options.style ?? ''}</style>
</head>
<body>
${body}
<script>${SCRIPT}</script>${own}
</body>
</html>
`;
}
