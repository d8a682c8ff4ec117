// Numbers over time on a canvas: wheel and drag, or + − ← → 0 on the keyboard, zoom and pan.
import {h, time, visible} from './dom.js';

const margin = {left: 56, right: 12, top: 10, bottom: 26};
const colours = 6;
const ticks_wanted = {x: 6, y: 5};

/** A round step that divides the span in about so many parts. */
function step_of(span, parts) {
  const rough = span / parts;
  const unit = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((one) => one * unit).find((one) => one >= rough) ?? 10 * unit;
}

const second = 1e6;
const time_steps = [0.001, 0.01, 0.1, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 604800, 2592000].map((s) => s * second);

export class Plot extends HTMLElement {
  #view = null;  // [from, to] in µs; null: all there is
  #hidden = new Set();
  #scheduled = false;

  connectedCallback() {
    this.canvas = h('canvas', {tabindex: '0', role: 'img'});
    this.legend = h('div', {class: 'legend'});
    this.said = h('p', {class: 'hint', role: 'status'});
    const button = (text, label, work) => h('button', {type: 'button', class: 'quiet', 'aria-label': label, onclick: work}, text);
    const tools = h('div', {class: 'bar'},
      button('+', 'Zoom in', () => this.#zoom(0.5)), button('−', 'Zoom out', () => this.#zoom(2)),
      button('←', 'Earlier', () => this.#pan(-0.25)), button('→', 'Later', () => this.#pan(0.25)),
      button('All', 'Show all of the time', () => this.#set_view(null)));
    this.replaceChildren(this.legend, this.canvas, tools, this.said);
    this.canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#zoom(event.deltaY > 0 ? 1.25 : 0.8, this.#time_at(event.offsetX));
    }, {passive: false});
    this.canvas.addEventListener('pointerdown', (event) => this.#drag(event));
    this.canvas.addEventListener('pointermove', (event) => this.#point(event));
    this.canvas.addEventListener('keydown', (event) => this.#on_key(event));
    this.resize = new ResizeObserver(() => this.draw());
    this.resize.observe(this.canvas);
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.on_scheme = () => this.draw();
    this.scheme.addEventListener('change', this.on_scheme);
  }

  disconnectedCallback() {
    this.resize.disconnect();
    this.scheme.removeEventListener('change', this.on_scheme);
  }

  /** series: a Map of name to points by time. Drawn with the next frame. */
  show(series) {
    this.series = series;
    this.draw();
  }

  draw() {
    if (this.#scheduled || !this.series) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      if (this.isConnected) this.#draw();
    });
  }

  #names() {
    return [...this.series.keys()].filter((name) => !this.#hidden.has(name));
  }

  #range() {
    if (this.#view) return this.#view;
    let [from, to] = [Infinity, -Infinity];
    for (const points of this.series.values()) {
      if (!points.length) continue;
      from = Math.min(from, points[0][0]);
      to = Math.max(to, points.at(-1)[0]);
    }
    if (from > to) return [Date.now() * 1000 - 60 * second, Date.now() * 1000];
    return from === to ? [from - 5 * second, to + 5 * second] : [from, to];
  }

  #set_view(view) {
    this.#view = view;
    this.draw();
  }

  #zoom(factor, around) {
    const [from, to] = this.#range();
    const middle = around ?? (from + to) / 2;
    const view = [middle - (middle - from) * factor, middle + (to - middle) * factor];
    if (view[1] - view[0] > 1000) this.#set_view(view);
  }

  #pan(part) {
    const [from, to] = this.#range();
    const by = (to - from) * part;
    this.#set_view([from + by, to + by]);
  }

  #on_key(event) {
    const work = {'+': () => this.#zoom(0.5), '-': () => this.#zoom(2), 0: () => this.#set_view(null),
      ArrowLeft: () => this.#pan(-0.1), ArrowRight: () => this.#pan(0.1)}[event.key];
    if (!work) return;
    event.preventDefault();
    work();
  }

  #drag(start) {
    const view = this.#range();
    const scale = (view[1] - view[0]) / this.#inner().width;
    this.canvas.setPointerCapture(start.pointerId);
    const move = (event) => {
      const by = (start.offsetX - event.offsetX) * scale;
      this.#set_view([view[0] + by, view[1] + by]);
    };
    const end = () => this.canvas.removeEventListener('pointermove', move);
    this.canvas.addEventListener('pointermove', move);
    this.canvas.addEventListener('pointerup', end, {once: true});
    this.canvas.addEventListener('pointercancel', end, {once: true});
  }

  #inner() {
    return {width: this.canvas.clientWidth - margin.left - margin.right, height: this.canvas.clientHeight - margin.top - margin.bottom};
  }

  #time_at(x) {
    const [from, to] = this.#range();
    return from + ((x - margin.left) / this.#inner().width) * (to - from);
  }

  #point(event) {
    if (!this.series || event.buttons) return;
    const at = this.#time_at(event.offsetX);
    const values = this.#names().flatMap((name) => {
      const before = this.series.get(name).findLast((point) => point[0] <= at);
      return before ? [`${visible(name, 40)} ${before[1]}`] : [];
    });
    this.said.textContent = values.length ? `${time(at)}: ${values.slice(0, 6).join(', ')}` : '';
  }

  #draw() {
    const style = getComputedStyle(this);
    const colour = (name) => style.getPropertyValue(name).trim();
    const {canvas} = this;
    const sharp = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, canvas.clientWidth * sharp);
    canvas.height = Math.max(1, canvas.clientHeight * sharp);
    const pen = canvas.getContext('2d');
    pen.scale(sharp, sharp);
    pen.font = '12px system-ui, "DejaVu Sans", sans-serif';
    const {width, height} = this.#inner();
    const [from, to] = this.#range();
    const shown = this.#names().map((name) => ({name, points: this.#in_sight(this.series.get(name), from, to, width)}));
    const values = shown.flatMap(({points}) => points.map((point) => point[1]));
    let [low, high] = values.length ? [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] : [0, 1];
    if (low === high) [low, high] = [low - 1, high + 1];
    const rise = (high - low) * 0.06;
    [low, high] = [low - rise, high + rise];
    const x = (at) => margin.left + ((at - from) / (to - from)) * width;
    const y = (value) => margin.top + height - ((value - low) / (high - low)) * height;
    this.#grid(pen, {x, y, from, to, low, high, width, height}, colour);
    pen.save();
    pen.beginPath();
    pen.rect(margin.left, margin.top, width, height);
    pen.clip();
    shown.forEach(({name, points}) => this.#line(pen, points, x, y, colour(`--series-${this.#number(name)}`)));
    pen.restore();
    this.#show_legend();
    canvas.setAttribute('aria-label', `Plot from ${time(from, {ms: true})} to ${time(to, {ms: true})}: ${shown.map(({name}) => visible(name, 40)).join(', ') || 'nothing'}`);
  }

  #grid(pen, area, colour) {
    pen.strokeStyle = colour('--line');
    pen.fillStyle = colour('--muted');
    pen.lineWidth = 1;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    const step = step_of(area.high - area.low, ticks_wanted.y);
    for (let value = Math.ceil(area.low / step) * step; value <= area.high; value += step) {
      const at = Math.round(area.y(value)) + 0.5;
      pen.beginPath();
      pen.moveTo(margin.left, at);
      pen.lineTo(margin.left + area.width, at);
      pen.stroke();
      pen.fillText(String(Number(value.toPrecision(6))), margin.left - 6, at);
    }
    pen.textAlign = 'center';
    pen.textBaseline = 'top';
    const wanted = Math.max(2, Math.min(ticks_wanted.x, Math.floor(area.width / 90)));
    const time_step = time_steps.find((one) => one >= (area.to - area.from) / wanted) ?? time_steps.at(-1) * 12;
    for (let at = Math.ceil(area.from / time_step) * time_step; at <= area.to; at += time_step) {
      pen.fillText(time(at, {ms: time_step < second}).replace(/ .*/, (clock) => (time_step < 86400 * second ? clock : '')), area.x(at), margin.top + area.height + 8);
    }
  }

  /** The points in sight and one on each side; of more than there are pixels, the lowest and highest of each column. */
  #in_sight(points, from, to, width) {
    let first = points.findIndex((point) => point[0] >= from);
    if (first < 0) first = points.length;
    let end = points.findIndex((point) => point[0] > to);
    if (end < 0) end = points.length;
    const seen = points.slice(Math.max(0, first - 1), end + 1);
    if (seen.length <= 2 * width) return seen;
    const columns = new Map();
    for (const point of seen) {
      const column = Math.floor(((point[0] - from) / (to - from)) * width);
      const known = columns.get(column);
      if (!known) columns.set(column, [point, point]);
      else if (point[1] < known[0][1]) known[0] = point;
      else if (point[1] > known[1][1]) known[1] = point;
    }
    return [...columns.values()].flatMap(([low, high]) => (low[0] <= high[0] ? [low, high] : [high, low]));
  }

  #line(pen, points, x, y, colour) {
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = 1.8;
    pen.lineJoin = 'round';
    pen.beginPath();
    points.forEach(([at, value], i) => (i ? pen.lineTo(x(at), y(value)) : pen.moveTo(x(at), y(value))));
    pen.stroke();
    if (points.length > 120) return;
    for (const [at, value] of points) {
      pen.beginPath();
      pen.arc(x(at), y(value), 2.4, 0, 7);
      pen.fill();
    }
  }

  #number(name) {
    return [...this.series.keys()].indexOf(name) % colours;
  }

  #show_legend() {
    const names = [...this.series.keys()];
    if (this.legend_of === names.join('\n')) return;
    this.legend_of = names.join('\n');
    const item = (name) => h('label', {},
      h('input', {type: 'checkbox', checked: !this.#hidden.has(name), onchange: (event) => {
        event.target.checked ? this.#hidden.delete(name) : this.#hidden.add(name);
        this.draw();
      }}), h('i', {class: `s${this.#number(name)}`}), visible(name, 60));
    this.legend.replaceChildren(...names.map(item));
  }
}
customElements.define('mu-plot', Plot);
