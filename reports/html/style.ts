/** The page's style; its colours are the charts' variables. On paper nothing scrolls and the tables are whole. */
export const STYLE = `
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2.5rem); max-width: 92rem; background: var(--bg); color: var(--fg); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0 0 0.25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 0.5rem; }
a { color: var(--s1); }
header p { color: var(--soft); margin: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; margin: 0.75rem 0 0; }
ul { margin: 0; padding-left: 1.2rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.reading, figcaption { margin: 0.5rem 0; max-width: 80ch; }
figure { margin: 0 0 2rem; }
.chart { overflow-x: auto; }
.chart svg { display: block; height: auto; max-width: 100%; min-width: min(40rem, var(--width)); }
.scroll { overflow: auto; }
details .scroll { max-height: 30rem; }
.chart:focus-visible, .scroll:focus-visible { outline: 2px solid var(--s1); }
summary { cursor: pointer; color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: 0.88rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.5rem; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
thead th { color: var(--soft); background: var(--bg); }
details thead th { position: sticky; top: 0; }
tbody th { font-weight: 400; min-width: 11rem; }
#verdicts td:nth-child(3):not(.n) { min-width: 15rem; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; min-width: 0; }
thead .n { white-space: normal; }
tr.invalid > *, tr.failed > *, tr.not-run > * { background: repeating-linear-gradient(45deg, transparent 0 6px, var(--card) 6px 12px); }
.breach td:first-of-type, .failed td:first-of-type { color: var(--bad); font-weight: 600; }
.invalid td:first-of-type, .no-data td:first-of-type { color: var(--warn); font-weight: 600; }
.pass td:first-of-type, .valid td:first-of-type { color: var(--good); }
.regressed td:nth-of-type(5) { color: var(--bad); font-weight: 600; }
.improved td:nth-of-type(5) { color: var(--good); font-weight: 600; }
footer { border-top: 1px solid var(--line); margin-top: 2.5rem; font-size: 0.9rem; color: var(--soft); }
footer h2 { font-size: 1rem; margin: 1.25rem 0 0.25rem; border: 0; color: var(--fg); }
code { font: 0.95em ui-monospace, monospace; color: var(--fg); }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  nav, details { display: none; }
  .scroll, .chart { overflow: visible; max-height: none; }
  .chart svg { min-width: 0; width: 100%; }
  figure, tr { break-inside: avoid; }
  thead th { position: static; }
}
`;
