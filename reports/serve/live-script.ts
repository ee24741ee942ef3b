import { BINS_PER_DECADE } from '../../bench/results/latency-bins.ts';
import { LIVE_SECONDS } from '../../bench/results/live-second.ts';
import { scaleColour } from '../charts/palette.ts';

const STEPS = 16;
const SCALE = Array.from({ length: STEPS }, (_, i) => scaleColour(i / (STEPS - 1)).fill);

/** Draws the seconds of a run and its plan as events tell of them. */
export const LIVE_SCRIPT = `
'use strict';
(() => {
const KEPT = ${LIVE_SECONDS};
const SCALE = ${JSON.stringify(SCALE)};
const BINS = ${BINS_PER_DECADE};
const [LEFT, RIGHT, TOP] = [64, 8, 8];
const SPANS = [60, 120, KEPT];
const main = document.querySelector('main');
const byId = (id) => document.getElementById(id);
const set = (id, text) => { byId(id).textContent = text; };
const make = (name, attributes, text) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
};
const short = (value) => {
  for (const [size, unit] of [[1e9, ' G'], [1e6, ' M'], [1e3, ' k']])
    if (value >= size) return Number((value / size).toPrecision(3)) + unit;
  return String(Number(value.toPrecision(3)));
};
const time = (us) => us >= 1e6 ? Number((us / 1e6).toPrecision(2)) + ' s'
  : us >= 1e3 ? Number((us / 1e3).toPrecision(2)) + ' ms' : Number(us.toPrecision(2)) + ' µs';
const share = (value) => Math.round(100 * value) + ' %';
let seconds = [];
let silentMs = 0;
let ended = false;

function frame(id, height, high, format, low = 0) {
  const svg = byId(id).querySelector('svg');
  // As wide as it is on the screen: its text is then as large as it says.
  const width = Math.max(200, svg.clientWidth);
  svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
  const span = SPANS.find((one) => one >= seconds.length) ?? KEPT;
  const plot = height - TOP - 22;
  const y = (value) => TOP + plot * (1 - (value - low) / (high - low));
  const x = (i) => LEFT + ((width - LEFT - RIGHT) * (i + span - seconds.length)) / span;
  const parts = [0, 0.5, 1].flatMap((at) => {
    const value = low + at * (high - low);
    return [
      make('line', { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value), stroke: 'var(--line)' }),
      make('text', { x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' }, format(value)),
    ];
  });
  for (const ago of [0, span / 2, span])
    parts.push(make('text', { x: x(seconds.length - ago), y: height - 4, 'text-anchor': ago === 0 ? 'end' : ago === span ? 'start' : 'middle' },
      ago === 0 ? 'now' : '−' + ago + ' s'));
  return { svg, x, y, parts };
}

function lines(id, keys, format, least) {
  const values = seconds.flatMap((one) => keys.map(([key]) => one[key]).filter((value) => value !== null));
  const high = Math.max(least, ...values);
  const { svg, x, y, parts } = frame(id, 170, high, format);
  keys.forEach(([key, look, dash]) => {
    let path = '';
    let gap = true;
    seconds.forEach((one, i) => {
      if (one[key] === null) { gap = true; return; }
      path += (gap ? 'M' : 'L') + x(i + 0.5).toFixed(1) + ' ' + y(one[key]).toFixed(1);
      // A second between two gaps is a dot.
      if (gap) path += 'h0.1';
      gap = false;
    });
    parts.push(make('path', { d: path, fill: 'none', stroke: 'var(--' + look + ')', 'stroke-width': 2, 'stroke-dasharray': dash, 'stroke-linecap': 'round' }));
  });
  svg.querySelector('g').replaceChildren(...parts);
}

function heat() {
  const all = seconds.flatMap((one) => one.bins.map(([bin]) => bin));
  const low = (all.length ? Math.min(...all) : 16) - 2;
  const high = (all.length ? Math.max(...all) : 39) + 3;
  const most = Math.max(1, ...seconds.flatMap((one) => one.bins.map(([, count]) => count)));
  const { svg, x, y, parts } = frame('heat', 220, high, (bin) => time(10 ** (bin / BINS)), low);
  seconds.forEach((one, i) => {
    for (const [bin, count] of one.bins) {
      const step = Math.round(Math.log1p(count) / Math.log1p(most) * (SCALE.length - 1));
      parts.push(make('rect', { x: x(i), y: y(bin + 1), width: x(1) - x(0) + 0.3, height: y(bin) - y(bin + 1) + 0.3, fill: SCALE[step] }));
    }
  });
  svg.querySelector('g').replaceChildren(...parts);
}

function draw() {
  lines('rates', [['offeredPerSec', 's7', '6 4'], ['achievedPerSec', 's1', ''], ['receivedPerSec', 's2', '2 4']], short, 1);
  heat();
  lines('lag', [['lagRecords', 's4', '']], short, 1);
  lines('health', [['cpuMaxShare', 's5', ''], ['hostCpuShare', 's3', '6 4']], share, 1);
}

const rowOf = (texts, numeric) => {
  const row = document.createElement('tr');
  texts.forEach((text, i) => {
    const cell = document.createElement(i === 0 ? 'th' : 'td');
    if (numeric.includes(i)) cell.className = 'n';
    cell.textContent = text;
    row.append(cell);
  });
  return row;
};
const MARK = { valid: '✓', invalid: '✗', failed: '✗', planned: '·' };

function progress(run) {
  ended = run.finished;
  set('state', ended ? 'The run has ended.' : 'Running.');
  byId('report').hidden = !ended;
  set('done', run.done + ' of ' + run.planned + ' repeats done');
  const bar = document.querySelector('progress');
  bar.max = Math.max(1, run.planned);
  bar.value = run.done;
  set('counts', run.valid + ' valid, ' + run.invalid + ' invalid, ' + run.failed + ' failed');
  byId('newest').querySelector('tbody').replaceChildren(...run.latest.map((one) => {
    const row = rowOf([one.cell, String(one.block), one.outcome, one.offered, one.achieved, one.p99, one.lag], [1, 3, 4, 5, 6]);
    row.className = one.outcome;
    row.children[2].className = 'verdict';
    return row;
  }));
  byId('plan').querySelector('tbody').replaceChildren(...run.cells.map(({ cell, repeats }) => {
    const of = (outcome) => repeats.filter((one) => one === outcome).length;
    const row = rowOf([cell, repeats.map((one) => MARK[one]).join(' '), String(of('valid')), String(of('invalid') + of('failed')), String(of('planned'))], [2, 3, 4]);
    return row;
  }));
}

function second({ anew, ageMs, seconds: more, now }) {
  seconds = [...(anew ? [] : seconds), ...more].slice(-KEPT);
  silentMs = ageMs;
  byId('now').replaceChildren(...now.map(([name, text]) => {
    const card = document.createElement('div');
    const [term, value] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = name;
    value.textContent = text;
    card.append(term, value);
    return card;
  }));
  byId('live').hidden = false;
  draw();
}

addEventListener('resize', () => { if (seconds.length) draw(); });
const source = new EventSource(main.dataset.events);
source.onmessage = ({ data }) => { progress(JSON.parse(data)); if (ended) source.close(); };
source.addEventListener('second', ({ data }) => second(JSON.parse(data)));
source.onerror = () => set('state', 'No answer from the server; trying again.');
setInterval(() => {
  if (ended || seconds.length === 0) return;
  silentMs += 1000;
  if (silentMs > 15000) set('state', 'Not ended, and no figures for ' + Math.round(silentMs / 1000) + ' s: between two repeats, or stopped.');
  else if (source.readyState === EventSource.OPEN) set('state', 'Running.');
}, 1000);
})();
`;
