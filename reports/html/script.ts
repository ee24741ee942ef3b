/**
 * What a page does beyond showing itself, as its one inline script: sort and filter tables, point at marks of a chart by
 * pointer or arrow keys, hide a line by its legend. It asks nothing of a network, and without it everything can be read.
 */
export const SCRIPT = `
'use strict';
(() => {
const all = (root, selector) => [...root.querySelectorAll(selector)];
const tip = document.createElement('div');
tip.id = 'tip';
tip.setAttribute('role', 'status');
tip.hidden = true;
document.body.append(tip);
let pointed = null;
function hide() {
  tip.hidden = true;
  if (pointed) pointed.classList.remove('pointed');
  pointed = null;
}
function show(text, x, y, mark) {
  hide();
  tip.textContent = text;
  tip.hidden = false;
  const wide = document.documentElement.clientWidth;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(4, Math.min(x + 12, wide - box.width - 8)) + scrollX + 'px';
  tip.style.top = Math.max(0, y - box.height - 12) + scrollY + 'px';
  pointed = mark;
  if (mark) mark.classList.add('pointed');
}
const ends = (mark) => {
  const { a, d, e, f } = mark.getScreenCTM();
  const numbers = mark.getAttribute('points').trim().split(/[ ,]+/).map(Number);
  return numbers.flatMap((x, i) => i % 2 ? [] : [[x * a + e, numbers[i + 1] * d + f]]);
};
const isLine = (mark) => mark.tagName === 'polyline';
function distanceTo(mark, x, y) {
  if (!isLine(mark)) {
    const box = mark.getBoundingClientRect();
    return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
  }
  const points = ends(mark);
  return Math.min(...points.slice(1).map(([x2, y2], i) => {
    const [x1, y1] = points[i];
    const share = Math.max(0, Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2 || 1)));
    return Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1));
  }));
}
const centre = (mark) => {
  if (isLine(mark)) return ends(mark).pop();
  const box = mark.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
};
function showMark(mark) {
  const [x, y] = centre(mark);
  show(mark.dataset.tip, x, y, mark);
}
for (const chart of all(document, '.chart')) {
  const svg = chart.querySelector('svg');
  const marks = all(svg, '[data-tip]');
  const live = () => marks.filter((mark) => !mark.classList.contains('off'));
  const rows = svg.dataset.x ? all(chart.closest('figure'), 'details tbody tr') : [];
  const heads = rows.length ? all(chart.closest('figure'), 'details thead th').map((one) => one.textContent) : [];
  const [left, right, min, max] = (svg.dataset.x || '').split(' ').map(Number);
  const rowText = (row) => [...row.children].map((cell, i) => heads[i] + ': ' + cell.textContent).join('\\n');
  const xOf = (row) => Number(row.children[0].textContent);
  let at = -1;
  chart.addEventListener('pointermove', (event) => {
    if (rows.length) {
      const { a, e } = svg.getScreenCTM();
      const x = (event.clientX - e) / a;
      if (x < left || x > right) return hide();
      const value = min + ((x - left) / (right - left)) * (max - min);
      let found = null;
      for (const row of rows) if (xOf(row) <= value) found = row;
      return found ? show(rowText(found), event.clientX, event.clientY, null) : hide();
    }
    let nearest = null;
    let least = 28;
    for (const mark of live()) {
      const distance = distanceTo(mark, event.clientX, event.clientY);
      if (distance < least) { least = distance; nearest = mark; }
    }
    if (nearest) showMark(nearest); else hide();
  });
  chart.addEventListener('pointerleave', hide);
  chart.addEventListener('blur', hide);
  chart.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') return hide();
    const list = rows.length ? rows : live();
    if (step === undefined || list.length === 0) return;
    event.preventDefault();
    at = Math.min(list.length - 1, Math.max(0, at + step));
    if (!rows.length) return showMark(list[at]);
    const { a, e } = svg.getScreenCTM();
    const x = left + ((xOf(rows[at]) + 0.5 - min) / (max - min)) * (right - left);
    show(rowText(rows[at]), e + x * a, svg.getBoundingClientRect().top + 80, null);
    const from = xOf(rows[at]);
    const to = at + 1 < rows.length ? xOf(rows[at + 1]) : from + 1;
    chart.dispatchEvent(new CustomEvent('stand', { detail: { from, to, extends: event.shiftKey } }));
  });
  const keys = document.createElement('div');
  keys.className = 'keys';
  keys.setAttribute('role', 'group');
  keys.setAttribute('aria-label', 'Lines shown: ' + chart.getAttribute('aria-label'));
  for (const legend of new Set(all(svg, '[data-legend]').map((entry) => entry.dataset.legend))) {
    const entries = all(svg, '[data-legend="' + legend + '"]');
    const key = document.createElement('button');
    key.type = 'button';
    key.textContent = entries[0].dataset.name;
    key.setAttribute('aria-pressed', 'true');
    const toggle = () => {
      const off = key.getAttribute('aria-pressed') === 'true';
      key.setAttribute('aria-pressed', String(!off));
      for (const one of entries) one.classList.toggle('off', off);
      for (const mark of all(svg, '[data-series="' + legend + '"]')) { mark.classList.toggle('off', off); mark.style.display = off ? 'none' : ''; }
    };
    for (const one of [key, ...entries]) one.addEventListener('click', toggle);
    keys.append(key);
  }
  if (keys.firstChild) chart.after(keys);
}
for (const data of all(document, '.data')) {
  const body = data.querySelector('tbody');
  const heads = all(data, 'thead th');
  const keyOf = (row, i) => {
    const cell = row.children[i];
    return cell.dataset.v === undefined ? cell.textContent : cell.dataset.v === '' ? null : Number(cell.dataset.v);
  };
  heads.forEach((head, i) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const one of heads) one.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const sign = down ? -1 : 1;
      const sorted = [...body.rows].sort((a, b) => {
        const [x, y] = [keyOf(a, i), keyOf(b, i)];
        if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);
        return sign * (typeof x === 'number' ? x - y : x.localeCompare(y, 'en', { numeric: true }));
      });
      body.append(...sorted);
    });
  });
  const filter = data.querySelector('input[type=search]');
  if (filter) {
    filter.parentElement.hidden = false;
    const said = data.querySelector('.count');
    filter.addEventListener('input', () => {
      const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
      let shown = 0;
      for (const row of body.rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown++;
      }
      said.textContent = words.length ? shown + ' of ' + body.rows.length : '';
    });
  }
}
})();
`;
