import { PALETTE_CSS } from '../charts/palette.ts';
import { escaped } from './markup.ts';
import { STYLE } from './style.ts';

/** A whole document around its body: no font and nothing else from a network. */
export function htmlDocument(title: string, body: string, ownStyle = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
${PALETTE_CSS}${STYLE}${ownStyle}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
