/**
 * The style of every page: sizes and spaces as tokens, colours from the charts' palette, then components. On paper
 * nothing scrolls, nothing is pointed at and tables are whole. Nothing moves, so nothing has to stand still.
 */
const TOKENS = `
:root { --space-1: 0.25rem; --space-2: 0.5rem; --space-3: 0.75rem; --space-4: 1rem; --space-6: 1.5rem; --space-8: 2.5rem;
  --text-s: 0.82rem; --text-m: 0.9rem; --text-l: 1.15rem; --text-xl: 1.5rem; --radius: 6px; }
`;

const BASE = `
* { box-sizing: border-box; }
body { margin: 0 auto; padding: var(--space-4) clamp(0.75rem, 2.5vw, 2.5rem) var(--space-8); max-width: 120rem; background: var(--bg); color: var(--fg); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: var(--text-xl); line-height: 1.25; margin: 0 0 var(--space-2); }
h2 { font-size: 1.25rem; margin: var(--space-8) 0 var(--space-2); border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: var(--space-4) 0 var(--space-2); }
a { color: var(--s1); }
header p { margin: 0; }
.kicker, header > p.lead { color: var(--soft); font-size: var(--text-m); margin: 0 0 var(--space-1); }
ul { margin: 0; padding-left: 1.2rem; }
code { font: 0.95em ui-monospace, monospace; color: var(--fg); }
summary { cursor: pointer; color: var(--soft); }
:target { outline: 2px solid var(--s1); outline-offset: 4px; }
:focus-visible { outline: 2px solid var(--s1); outline-offset: 1px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.reading, figcaption { margin: var(--space-2) 0; max-width: 90ch; }
nav ul { display: flex; flex-wrap: wrap; gap: var(--space-1) 1.25rem; list-style: none; padding: 0; margin: var(--space-3) 0 0; font-size: var(--text-m); }
footer { border-top: 1px solid var(--line); margin-top: var(--space-8); font-size: var(--text-m); color: var(--soft); }
footer h2 { font-size: 1rem; margin: 1.25rem 0 var(--space-1); border: 0; color: var(--fg); }
`;

const COMPONENTS = `
.answer { font-size: var(--text-l); font-weight: 600; max-width: 90ch; }
.certainty { color: var(--soft); max-width: 90ch; }
.shown .certainty { color: var(--good); } .none .answer { color: var(--bad); }
.badges, .thresholds { display: flex; flex-wrap: wrap; gap: var(--space-2); list-style: none; padding: 0; margin: var(--space-2) 0 0; font-size: var(--text-s); }
.badge, .chip { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 0.6rem; color: var(--soft); text-decoration: none; background: var(--bg); }
a.badge:hover { text-decoration: underline; }
.badge.bad, .chip.fail { color: var(--bad); } .badge.warn, .chip.no-data { color: var(--warn); } .chip.pass { color: var(--good); }
.chip { border-radius: var(--radius); }
.lead-view { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-4) var(--space-6); margin-top: var(--space-3); }
.lead-view > *, .figures > * { min-width: 0; }
.lead-view figure { margin: 0; } .lead-view figure h3 { margin-top: 0; }
.facts { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--space-3) var(--space-4); font-size: var(--text-m); align-self: start; }
.facts h3 { font-size: var(--text-m); margin: 0; } .facts * + h3 { margin-top: var(--space-3); } .facts p, .facts dl { margin: 0; }
.facts dt { color: var(--soft); font-size: var(--text-s); } .facts dd { margin: 0 0 var(--space-1); }
@media (min-width: 1100px) { .lead-view { grid-template-columns: minmax(0, 1fr) 20rem; } }
@media (min-width: 1100px) { .lead-view .chart svg { max-height: 34rem; } }
@media (min-width: 1100px) and (max-height: 900px) { .lead-view .chart svg { max-height: 26rem; } }
.figures { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 var(--space-6); align-items: start; }
@media (min-width: 1600px) { .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } .figures > :only-child { grid-column: 1 / -1; max-width: 75rem; } }
figure { margin: 0 0 var(--space-6); }
.chart { overflow-x: auto; position: relative; }
.chart svg { display: block; width: 100%; height: auto; min-width: min(40rem, var(--width)); max-width: calc(var(--width) * 1.6); }
[data-legend] { cursor: pointer; pointer-events: all; } .off { opacity: 0.25; }
.keys { display: flex; flex-wrap: wrap; gap: var(--space-1); } .keys:not(:focus-within) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.keys button { font: inherit; font-size: var(--text-s); color: var(--fg); background: var(--bg); border: 1px solid var(--soft); border-radius: var(--radius); } .keys [aria-pressed=false] { text-decoration: line-through; }
.pointed { stroke: var(--fg); stroke-width: 2px; vector-effect: non-scaling-stroke; }
.brush { fill: var(--s1); opacity: 0.18; pointer-events: none; } [data-latencies] { cursor: crosshair; }
.range { font-size: var(--text-m); } .range p { margin: 0; max-width: 90ch; } .range > div { overflow-x: auto; } .range svg { display: block; width: 100%; height: auto; min-width: 40rem; max-width: 96rem; font-size: 13px; }
.range text { fill: var(--fg); } .range .part { fill: var(--s1); opacity: 0.55; } .range .whole { fill: none; stroke: var(--fg); } .range .tick { stroke: var(--soft); }
.range input { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--soft); border-radius: var(--radius); width: 5rem; }
#tip { position: absolute; z-index: 9; max-width: min(22rem, 90vw); background: var(--fg); color: var(--bg); border-radius: var(--radius); padding: var(--space-1) var(--space-2); font-size: var(--text-s); pointer-events: none; white-space: pre-line; }
.tools { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-4); align-items: center; margin: var(--space-2) 0; font-size: var(--text-m); }
.tools label { white-space: nowrap; display: inline-flex; gap: var(--space-2); align-items: baseline; } .tools label[hidden] { display: none; }
.tools input[type=search] { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--soft); border-radius: var(--radius); padding: 0.15rem 0.5rem; width: min(18rem, 100%); }
.scroll { overflow: auto; }
.data .scroll, details .scroll { max-height: min(44rem, 85vh); }
.data:not(:has(.all:checked)) .extra { display: none; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: var(--text-m); }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.5rem; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
thead th { color: var(--soft); background: var(--bg); vertical-align: bottom; }
.data thead th, details thead th { position: sticky; top: 0; z-index: 2; }
tbody th { font-weight: 400; min-width: 9rem; background: var(--bg); }
.data tr > :first-child { position: sticky; left: 0; z-index: 1; } .data thead tr > :first-child { z-index: 3; }
.data tbody th { max-width: 18rem; overflow-wrap: break-word; } @media (max-width: 600px) { .data tbody th { min-width: 7rem; max-width: 9rem; } }
.why { min-width: 15rem; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; min-width: 0; }
thead .n { white-space: normal; }
thead button { all: unset; cursor: pointer; } thead button:focus-visible { outline: 2px solid var(--s1); } thead button::after { content: "\\a0↕"; color: var(--line); }
[aria-sort=ascending] button::after { content: "\\a0↑"; color: var(--fg); } [aria-sort=descending] button::after { content: "\\a0↓"; color: var(--fg); }
.best { font-weight: 600; } .best::before { content: "★ "; color: var(--good); }
.bar { display: block; position: relative; height: 7px; margin-top: 2px; min-width: 5.5rem; background: linear-gradient(var(--line), var(--line)) 0 3px / 100% 1px no-repeat; }
.bar::before { content: ""; position: absolute; top: 1px; height: 5px; left: calc(var(--l) * 1%); width: max(2px, calc(var(--w) * 1%)); background: var(--s1); opacity: 0.55; }
.bar::after { content: ""; position: absolute; top: 0; height: 7px; width: 2px; left: calc(var(--m) * 1%); background: var(--fg); }
tr.invalid > td, tr.failed > td, tr.not-run > td { background: repeating-linear-gradient(45deg, transparent 0 6px, var(--card) 6px 12px); }
.breach .verdict, .failed .verdict { color: var(--bad); font-weight: 600; }
.invalid .verdict, .no-data .verdict { color: var(--warn); font-weight: 600; }
.pass .verdict, .valid .verdict { color: var(--good); }
.regressed .verdict, th.regressed, span.regressed { color: var(--bad); font-weight: 600; } .improved .verdict, th.improved, span.improved { color: var(--good); font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: var(--space-3); padding: 0; margin: var(--space-4) 0; }
.cards > * { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--space-3) var(--space-4); }
.cards dt { color: var(--soft); font-size: var(--text-m); } .cards dd { margin: 0; font-size: 1.3rem; font-weight: 600; }
.cards .kind { display: block; font-size: var(--text-s); font-weight: 400; color: var(--soft); }
.alert { border-left: 4px solid var(--bad); padding: var(--space-2) var(--space-4); background: var(--card); }
`;

const PAPER = `
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  nav, details, .tools, .keys, .range, #tip, #beside { display: none; }
  .scroll, .chart, .data .scroll { overflow: visible; max-height: none; }
  .chart svg { min-width: 0; max-width: 100%; width: 100%; }
  .lead-view, .figures { display: block; }
  figure, tr { break-inside: avoid; }
  .data tr > :first-child, .data thead th, details thead th { position: static; }
  table { font-size: 0.72rem; } th, td { padding: 0.15rem 0.3rem; }
  tbody th, .why, .bar { min-width: 0; } .n { white-space: normal; } thead button::after { content: none; }
}
`;

export const STYLE = `${TOKENS}${BASE}${COMPONENTS}${PAPER}`;
