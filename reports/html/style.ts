/** The page's style: light and dark by the reader's preference, light on paper. Contrast of text is at least 4.5. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: #ffffff;
  --fg: #1f2328;
  --soft: #57606a;
  --line: #d0d7de;
  --card: #f6f8fa;
  --good: #116329;
  --bad: #b31d28;
  --warn: #7a4b00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #0d1117;
    --fg: #e6edf3;
    --soft: #9da7b1;
    --line: #3d444d;
    --card: #161b22;
    --good: #56d364;
    --bad: #ff8b84;
    --warn: #e3b341;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0 auto;
  padding: 1.5rem clamp(0.75rem, 3vw, 2.5rem);
  max-width: 92rem;
  background: var(--bg);
  color: var(--fg);
  font:
    16px / 1.5 system-ui,
    sans-serif;
  overflow-wrap: anywhere;
}
h1 {
  font-size: 1.6rem;
  margin: 0 0 0.25rem;
}
h2 {
  font-size: 1.2rem;
  margin: 2.25rem 0 0.5rem;
}
footer h2 {
  font-size: 1rem;
  margin: 1.25rem 0 0.25rem;
}
footer {
  border-top: 1px solid var(--line);
  margin-top: 2.5rem;
  font-size: 0.9rem;
  color: var(--soft);
}
ul {
  margin: 0;
  padding-left: 1.2rem;
}
.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.reading {
  margin: 0.5rem 0 1rem;
  max-width: 70ch;
}
.scroll {
  overflow-x: auto;
}
table {
  border-collapse: collapse;
  width: 100%;
  font-size: 0.9rem;
}
th,
td {
  text-align: left;
  vertical-align: top;
  padding: 0.35rem 0.6rem;
  border-bottom: 1px solid var(--line);
  overflow-wrap: normal;
}
thead th {
  color: var(--soft);
}
tbody th {
  font-weight: 400;
}
.n {
  text-align: right;
  white-space: nowrap;
  font-variant-numeric: tabular-nums;
}
tr.breach td:nth-child(2),
tr.failed td:nth-child(2) {
  color: var(--bad);
  font-weight: 600;
}
tr.invalid td:nth-child(2),
tr.no-data td:nth-child(2) {
  color: var(--warn);
  font-weight: 600;
}
tr.pass td:nth-child(2),
tr.valid td:nth-child(2) {
  color: var(--good);
}
`;
