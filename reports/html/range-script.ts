import { MIN_SAMPLES } from '../../bench/results/latency.ts';

/**
 * A range of seconds chosen on a chart by pointer, by Shift and the arrow keys, or by two numbers: its percentiles and its
 * histogram beside those of the whole window, added up from the columns that the chart carries (`SecondLatencies`).
 */
export const RANGE_SCRIPT = `
'use strict';
(() => {
const SVG = 'http://www.w3.org/2000/svg';
const LEAST = ${JSON.stringify(MIN_SAMPLES)};
const SHOWN = ['p50', 'p90', 'p99', 'p99.9'];
const drawn = (name, attributes, text) => {
  const made = document.createElementNS(SVG, name);
  for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
  if (text !== undefined) made.textContent = text;
  return made;
};
const three = (value) => String(value >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
const time = (us) => us >= 1e6 ? three(us / 1e6) + ' s' : us >= 1e3 ? three(us / 1e3) + ' ms' : three(us) + ' \\u00b5s';
const grouped = (count) => String(count).replace(/\\B(?=(\\d{3})+$)/g, count > 9999 ? '\\u202f' : '');
for (const chart of document.querySelectorAll('[data-latencies]')) {
  const { fromSec, columnSec, binsPerDecade, columns } = JSON.parse(chart.dataset.latencies);
  const counts = columns.map((text) => {
    const [first, rest] = text.split(':');
    const found = new Map();
    if (rest !== undefined) rest.split(',').forEach((count, i) => { if (count) found.set(parseInt(first, 36) + i, parseInt(count, 36)); });
    return found;
  });
  const endSec = fromSec + columns.length * columnSec;
  const bound = (bin) => 10 ** (bin / binsPerDecade);
  const summed = (some) => {
    const sum = new Map();
    let total = 0;
    for (const column of some) for (const [bin, count] of column) { sum.set(bin, (sum.get(bin) || 0) + count); total += count; }
    return { total, bins: [...sum].sort((a, b) => a[0] - b[0]) };
  };
  const whole = summed(counts);
  const figures = ({ total, bins }) => {
    const at = (name) => {
      const wanted = Math.ceil((total * Number(name.slice(1))) / 100);
      let seen = 0;
      for (const [bin, count] of bins) if ((seen += count) >= wanted) return time(bound(bin + 0.5));
    };
    const told = SHOWN.filter((name) => total >= LEAST[name]).map((name) => name + ' ' + at(name));
    return [...told, 'highest ' + time(bound(bins[bins.length - 1][0] + 1))].join(', ');
  };
  const svg = chart.querySelector('svg');
  const [left, right, min, max] = svg.dataset.x.split(' ').map(Number);
  const xOf = (sec) => left + ((sec - min) / (max - min)) * (right - left);
  const shade = drawn('rect', { class: 'brush', y: 0, height: svg.getAttribute('height') });
  const panel = document.createElement('div');
  panel.className = 'range';
  const said = document.createElement('p');
  said.setAttribute('role', 'status');
  const hint = 'For the latencies of a range: drag over the chart, hold Shift with the arrow keys, or give its seconds.';
  said.textContent = hint;
  const field = (text, value) => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'number', min: fromSec, max: endSec, step: columnSec, placeholder: value });
    label.append(text + ' ', input);
    return [label, input];
  };
  const [fromLabel, fromInput] = field('From second', fromSec);
  const [toLabel, toInput] = field('to', endSec);
  const tools = document.createElement('div');
  tools.className = 'tools';
  tools.append(fromLabel, toLabel);
  const picture = document.createElement('div');
  panel.append(tools, said, picture);
  chart.after(panel);
  function clear() {
    shade.remove();
    picture.replaceChildren();
    fromInput.value = toInput.value = '';
    said.textContent = hint;
  }
  function choose(a, b) {
    const first = Math.max(0, Math.min(columns.length - 1, Math.floor((Math.min(a, b) - fromSec) / columnSec)));
    const last = Math.max(first + 1, Math.min(columns.length, Math.ceil((Math.max(a, b) - fromSec) / columnSec)));
    const [from, to] = [fromSec + first * columnSec, fromSec + last * columnSec];
    shade.setAttribute('x', xOf(from));
    shade.setAttribute('width', xOf(to) - xOf(from));
    svg.append(shade);
    fromInput.value = from;
    toInput.value = to;
    const part = summed(counts.slice(first, last));
    const all = 'The whole window: ' + figures(whole) + '.';
    said.textContent = part.total === 0
      ? 'Seconds ' + from + ' to ' + to + ': no record was due. ' + all
      : 'Seconds ' + from + ' to ' + to + ': ' + grouped(part.total) + ' records; ' + figures(part) + ', each within 4 %. ' + all;
    picture.replaceChildren(histogram(part));
  }
  function histogram(part) {
    const [width, height, base] = [960, 150, 118];
    const low = whole.bins[0][0];
    const high = whole.bins[whole.bins.length - 1][0] + 1;
    const at = (bin) => left + ((bin - low) / (high - low)) * (right - left);
    const shares = ({ total, bins }) => bins.map(([bin, count]) => [bin, count / Math.max(1, total)]);
    const most = Math.max(...[part, whole].flatMap((one) => shares(one).map(([, share]) => share)));
    const top = (share) => base - (share / most) * (base - 22);
    const svg = drawn('svg', { viewBox: '0 0 ' + width + ' ' + height, width, height, 'aria-hidden': 'true' });
    svg.append(drawn('text', { x: left, y: 13 }, 'share of the records by due\\u2192ack latency: filled, the range; line, the whole window'));
    for (const [bin, share] of shares(part)) svg.append(drawn('rect', { class: 'part', x: at(bin), y: top(share), width: at(bin + 1) - at(bin), height: base - top(share) }));
    const known = new Map(shares(whole));
    const steps = Array.from({ length: high - low }, (_, i) => [low + i, known.get(low + i) || 0]);
    svg.append(drawn('path', { class: 'whole', d: 'M' + at(low) + ' ' + base + steps.map(([bin, share]) => 'V' + top(share) + 'H' + at(bin + 1)).join('') + 'V' + base + 'Z' }));
    const decades = (high - low) / binsPerDecade;
    let free = -Infinity;
    for (let power = Math.floor(low / binsPerDecade); power <= high / binsPerDecade; power++)
      for (const digit of decades > 3 ? [1] : [1, 2, 5]) {
        const bin = (power + Math.log10(digit)) * binsPerDecade;
        const x = at(bin);
        if (bin < low || bin > high || x < free) continue;
        free = x + 60;
        svg.append(drawn('path', { class: 'tick', d: 'M' + x + ' ' + base + 'v5' }), drawn('text', { x, y: base + 22, 'text-anchor': 'middle' }, time(digit * 10 ** power)));
      }
    return svg;
  }
  const secondAt = (event) => {
    const { a, e } = svg.getScreenCTM();
    return min + (((event.clientX - e) / a - left) / (right - left)) * (max - min);
  };
  let dragged = null;
  chart.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.pointerType === 'touch' || event.target.closest('[data-legend]')) return;
    dragged = { sec: secondAt(event), x: event.clientX, far: false };
    chart.setPointerCapture(event.pointerId);
    chart.focus({ preventScroll: true });
    event.preventDefault();
  });
  chart.addEventListener('pointermove', (event) => {
    if (!dragged) return;
    dragged.far = dragged.far || Math.abs(event.clientX - dragged.x) > 3;
    if (dragged.far) choose(dragged.sec, secondAt(event));
  });
  chart.addEventListener('pointerup', () => {
    if (dragged && !dragged.far) clear();
    dragged = null;
  });
  chart.addEventListener('pointercancel', () => { dragged = null; });
  let anchor = null;
  chart.addEventListener('stand', ({ detail: { from, to, extends: more } }) => {
    if (!more || anchor === null) anchor = { from, to };
    if (more) choose(Math.min(anchor.from, from), Math.max(anchor.to, to));
  });
  chart.addEventListener('keydown', (event) => { if (event.key === 'Escape') { anchor = null; clear(); } });
  const typed = () => {
    if (fromInput.value === '' && toInput.value === '') return clear();
    choose(fromInput.value === '' ? fromSec : Number(fromInput.value), toInput.value === '' ? endSec : Number(toInput.value));
  };
  for (const input of [fromInput, toInput]) input.addEventListener('change', typed);
}
})();
`;
