import { PALETTE_CSS } from '../charts/palette.ts';
import { escaped } from './markup.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** Whatever gets into a page, it loads nothing and sends nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** A whole document around its body, the same design for every page; no font and nothing else from a network. */
export function htmlDocument(title: string, body: string, ownStyle = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escaped(title)}</title>
<style>
${PALETTE_CSS}${STYLE}${ownStyle}</style>
</head>
<body>
${body}
<script>${SCRIPT}</script>
</body>
</html>
`;
}
