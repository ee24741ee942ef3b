/**
 * Shows another run's report.json beside this run, as the report's own inline script. The file is read in the browser and
 * goes nowhere; whatever it holds becomes text and never markup. A file that is none of ours changes nothing but a sentence.
 */
export const BESIDE_SCRIPT = `
'use strict';
(() => {
const part = document.querySelector('.beside');
const own = JSON.parse(part.dataset.run);
const input = part.querySelector('input');
const result = part.querySelector('.result');
const command = part.querySelector('.command');
const asked = command.textContent;
part.querySelector('.drop').hidden = false;
const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
  return made;
};
const say = (...parts) => result.replaceChildren(...parts);
const no = (text) => { command.textContent = asked; say(element('p', text, { class: 'alert' })); };
const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const digits = (value) => {
  const size = Math.abs(value);
  const rounded = size >= 1000 ? String(Math.round(size)) : String(Number(size.toPrecision(3)));
  const [whole, rest] = rounded.split('.');
  return (value < 0 ? '\\u2212' : '') + (whole.length > 4 ? whole.replace(/\\B(?=(\\d{3})+$)/g, '\\u202f') : whole) + (rest ? '.' + rest : '');
};
const figureText = (figure, { scales }) => {
  if (!figure) return '\\u2013';
  const [divisor, suffix] = scales.find(([size]) => Math.abs(figure[0]) >= size) || scales[scales.length - 1];
  const [median, low, high] = figure.map((value) => digits(value / divisor));
  return median + (low === undefined ? '' : ' [' + low + ', ' + high + ']') + suffix;
};
const changeText = (a, b) => {
  if (!a || !b || a[0] === 0) return '\\u2013';
  const percent = 100 * (b[0] / a[0] - 1);
  return (percent > 0 ? '+' : '') + digits(Math.abs(percent) < 0.05 ? 0 : Number(percent.toFixed(1))) + ' %';
};
const readFigure = (figure) => {
  if (!isMap(figure) || !isNumber(figure.median)) return null;
  const bounds = isMap(figure.ci) ? [figure.ci.low, figure.ci.high] : figure.n > 1 ? [figure.min, figure.max] : [];
  return bounds.every(isNumber) ? [figure.median, ...bounds] : [figure.median];
};
const differing = (a, b) => [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => a[key] !== b[key]);
const short = (value) => value === undefined ? 'nothing' : value.length > 80 ? value.slice(0, 79) + '\\u2026' : value;
const listed = (names) => names.slice(0, 20).join(', ') + (names.length > 20 ? ' and ' + (names.length - 20) + ' more' : '');
function problemOf(other, name) {
  if (!isMap(other) || other.kind !== own.kind) return name + ' is not the report.json of a run. Take the file of that name from the other run\\u2019s folder; ksweep report FOLDER writes it.';
  if (other.schemaVersion !== own.schemaVersion) return name + ' has schema version ' + String(other.schemaVersion) + ', this page reads ' + own.schemaVersion + '. Write both again with the same ksweep: ksweep report FOLDER.';
  const whole = isMap(other.work) && isMap(other.ground) && Array.isArray(other.constants) && Array.isArray(other.cells) &&
    ['folder', 'name', 'runId'].every((key) => typeof other[key] === 'string') &&
    [...Object.values(other.work), ...Object.values(other.ground)].every((one) => typeof one === 'string') &&
    other.cells.every((cell) => isMap(cell) && typeof cell.name === 'string' && isMap(cell.figures));
  if (!whole) return name + ' is not whole: parts of a report.json are missing. Write it again: ksweep report FOLDER.';
  const work = differing(own.work, other.work);
  if (work.length) return other.folder + ' is a run of another workload (' + other.name + '; here ' + own.name + '): ' + work.join(', ') + ' differ' + (work.length === 1 ? 's' : '') + '. Only runs that do the same work can be held side by side.';
  return null;
}
function show(other) {
  const theirs = new Map(other.cells.map((cell) => [cell.name, cell]));
  const mine = new Set(own.cells.map(([name]) => name));
  const both = own.cells.filter(([name]) => theirs.has(name));
  const head = document.createElement('tr');
  const heads = own.aims.flatMap(({ label }) => [label + ', this run', label + ', the other', 'Difference']);
  head.append(element('th', 'Cell', { scope: 'col' }), ...heads.map((text) => element('th', text, { scope: 'col', class: 'n' })));
  const rows = both.map(([name, ...figures]) => {
    const row = document.createElement('tr');
    row.append(element('th', name, { scope: 'row' }));
    own.aims.forEach((aim, i) => {
      const figure = readFigure(theirs.get(name).figures[aim.key]);
      for (const text of [figureText(figures[i], aim), figureText(figure, aim), changeText(figures[i], figure)])
        row.append(element('td', text, { class: 'n' }));
    });
    return row;
  });
  const title = 'This run, ' + own.folder + ', and the other, ' + other.folder;
  const table = element('table', '');
  table.append(element('caption', title, { class: 'hidden' }), element('thead', ''), element('tbody', ''));
  table.tHead.append(head);
  table.tBodies[0].append(...rows);
  const frame = element('div', '', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': title });
  frame.append(table);
  const alone = (names, where) => names.length ? [element('li', 'Only in ' + where + ': ' + listed(names) + '.')] : [];
  const notes = element('ul', '');
  const constants = own.constants.join(' \\u00b7 ');
  const otherConstants = other.constants.join(' \\u00b7 ');
  notes.append(
    ...(other.runId === own.runId ? [element('li', 'Both files are of the same run.')] : []),
    ...alone(own.cells.map(([name]) => name).filter((name) => !theirs.has(name)), 'this run'),
    ...alone(other.cells.map(({ name }) => name).filter((name) => !mine.has(name)), 'the other'),
    ...differing(own.ground, other.ground).map((key) => element('li', 'Not the same ground: ' + key + ' is ' + short(own.ground[key]) + ' here and ' + short(other.ground[key]) + ' there.')),
    ...(constants === otherConstants ? [] : [element('li', 'The same in every cell here: ' + constants + '; there: ' + otherConstants + '.')]),
  );
  command.textContent = 'ksweep compare ' + own.folder + ' ' + other.folder;
  const found = both.length && own.aims.length ? [frame] : [element('p', 'No cell of one run has a partner in the other.', { class: 'alert' })];
  say(element('p', title + '. Medians, in brackets the 95 % interval (the range under six repeats); the difference is from this run to the other. Whether it is more than noise, the command above tells.'), ...found, notes);
}
async function take(file) {
  if (!file) return;
  if (file.size > 2e8) return no(file.name + ' is too large for a report.json.');
  let text;
  let other;
  try { text = await file.text(); } catch { return no(file.name + ' cannot be read. Drop the file report.json and not its folder.'); }
  try { other = JSON.parse(text); } catch { other = null; }
  const problem = problemOf(other, file.name);
  if (problem) no(problem); else show(other);
}
const carries = (event) => [...((event.dataTransfer || {}).types || [])].includes('Files');
document.addEventListener('dragover', (event) => { if (carries(event)) event.preventDefault(); });
document.addEventListener('drop', (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  part.scrollIntoView();
  take(event.dataTransfer.files[0]);
});
input.addEventListener('change', () => { take(input.files[0]); input.value = ''; });
})();
`;
