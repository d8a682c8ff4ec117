// Elements are made of text: nothing that a device has sent is ever read as markup.

// Control characters, marks that turn the direction of text, and characters without width: shown by their number.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** The text with every unseen character made visible, cut behind `most` characters. */
export function visible(text, most = 4000) {
  const all = String(text);
  let part = all.length > most ? all.slice(0, most) : all;
  if (part.length < all.length && /[\ud800-\udbff]$/.test(part)) part = part.slice(0, -1);
  part = part.replace(unseen, (one) => `‹U+${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`);
  return part.length < all.length && all.length > most ? `${part}… (${all.length} characters)` : part;
}

/** For a place of a fixed width. */
export function short(text, most) {
  const all = visible(text, most * 4);
  return all.length > most ? `${all.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : all;
}

/** h('a', {href: '#/', class: 'x', onclick: f}, 'text', element, …): children that are null or false are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'selected') element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) add(element, child);
    else element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

const svg_space = 'http://www.w3.org/2000/svg';

/** The same for SVG; listeners are not needed there. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(svg_space, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  add(element, children);
  return element;
}

/** Text of a device: isolated, so that it turns nothing around it. */
export function foreign(text, most = 200) {
  return h('bdi', {class: 'foreign'}, visible(text, most));
}

const two = (number) => String(number).padStart(2, '0');

/** Microseconds since 1970 as local time: 17:03:09.123, and the whole date where it is not today. */
export function time(us, parts = {}) {
  if (!us) return 'never';
  const date = new Date(us / 1000);
  if (Number.isNaN(date.getTime())) return `${us} µs`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const exact = parts.ms ? `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}` : clock;
  const same_day = date.toDateString() === new Date().toDateString();
  if (same_day && !parts.date) return exact;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${exact}`;
}

export function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${(count / 1e3).toFixed(1)} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(2)} GB`;
}

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** A table whose cells are elements or text; `columns`: their headings. */
export function table(label, columns, rows) {
  const head = h('tr', {}, columns.map((name) => h('th', {scope: 'col'}, name)));
  const line = (cells) => h('tr', {}, cells.map((cell, i) => h('td', {'data-label': columns[i]}, cell)));
  return h('div', {class: 'table', tabindex: '0', role: 'region', 'aria-label': label},
    h('table', {}, h('thead', {}, head), h('tbody', {}, rows.map(line))));
}

/** Text to copy, with a button for it. */
export function copyable(text, label) {
  const said = h('span', {role: 'status', class: 'said'});
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    said.textContent = 'copied';
    setTimeout(() => (said.textContent = ''), 2000);
  };
  const button = h('button', {type: 'button', class: 'quiet', 'aria-label': `Copy: ${label}`, onclick: copy}, 'Copy');
  return h('div', {class: 'copyable'}, h('pre', {tabindex: '0', 'aria-label': label}, text), h('div', {}, said, button));
}

export const badge = (kind, text) => h('span', {class: `badge ${kind}`}, text);

/** A labelled field: `input` gets an id, so that a screen reader names it. */
let fields = 0;
export function field(label, input, hint = '') {
  input.id = `field-${++fields}`;
  const help = hint && h('small', {id: `${input.id}-help`}, hint);
  if (help) input.setAttribute('aria-describedby', help.id);
  return h('div', {class: 'field'}, h('label', {for: input.id}, label), input, help);
}

export function select(options, chosen, properties = {}) {
  const shown = options.map((one) => (typeof one === 'string' ? {value: one, text: one} : one));
  return h('select', properties,
    shown.map((one) => h('option', {value: one.value, selected: one.value === chosen}, one.text)));
}
