// A list of any length: only the rows in sight are elements. Arrow keys, Page, Home and End move; Enter opens.
import {h} from './dom.js';

const beyond = 6;  // rows on each side of those in sight

export class WindowedList extends HTMLElement {
  #items = [];
  #rows = new Map();
  #active = 0;
  #scheduled = false;
  row_height = 34;
  /** (item) → children of its row. */
  row = (item) => [String(item)];
  key = (item) => item;
  /** A person chose it. */
  choose = () => {};
  label = 'List';

  connectedCallback() {
    this.canvas = h('div', {class: 'canvas', role: 'list', 'aria-label': this.label});
    this.tabIndex = 0;
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', `${this.label}; arrow keys move, Enter opens`);
    this.replaceChildren(this.canvas);
    this.addEventListener('scroll', () => this.#later());
    this.addEventListener('keydown', (event) => this.#on_key(event));
    this.resize = new ResizeObserver(() => this.#later());
    this.resize.observe(this);
    this.#later();
  }

  disconnectedCallback() {
    this.resize.disconnect();
  }

  get items() { return this.#items; }

  /** `added`: how many are new at the top; who has scrolled down keeps what is in sight. */
  show(items, added = 0) {
    this.#items = items;
    if (added > 0 && this.scrollTop > 0) this.kept_scroll = this.scrollTop + added * this.row_height;
    if (added > 0 && this.#active > 0) this.#active += added;
    this.#active = Math.min(this.#active, Math.max(0, items.length - 1));
    this.#later();
  }

  /** All rows anew: their items say something else now. */
  redraw() {
    this.#rows.forEach((row) => row.remove());
    this.#rows.clear();
    this.#later();
  }

  #later() {
    if (this.#scheduled || !this.canvas) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw() {
    this.canvas.style.height = `${this.#items.length * this.row_height}px`;
    if (this.kept_scroll !== undefined) this.scrollTop = this.kept_scroll;
    this.kept_scroll = undefined;
    const first = Math.max(0, Math.floor(this.scrollTop / this.row_height) - beyond);
    const end = Math.min(this.#items.length, Math.ceil((this.scrollTop + this.clientHeight) / this.row_height) + beyond);
    const wanted = new Map();
    for (let i = first; i < end; ++i) wanted.set(this.key(this.#items[i]), i);
    for (const [key, row] of this.#rows) {
      if (wanted.has(key)) continue;
      row.remove();
      this.#rows.delete(key);
    }
    for (const [key, i] of wanted) this.#place(this.#rows.get(key) ?? this.#make(key, i), i);
  }

  #make(key, i) {
    const item = this.#items[i];
    const row = h('div', {class: 'row', role: 'listitem', onclick: (event) => {
      if (event.target.closest('a, button')) return;
      this.#active = this.#items.indexOf(item);
      this.#mark();
      this.choose(item);
    }}, this.row(item));
    this.#rows.set(key, row);
    this.canvas.append(row);
    return row;
  }

  #place(row, i) {
    row.style.transform = `translateY(${i * this.row_height}px)`;
    row.setAttribute('aria-setsize', this.#items.length);
    row.setAttribute('aria-posinset', i + 1);
    row.classList.toggle('active', i === this.#active);
  }

  #mark() {
    const active = this.#items[this.#active];
    for (const [key, row] of this.#rows) row.classList.toggle('active', active !== undefined && key === this.key(active));
  }

  #on_key(event) {
    if (event.target !== this) return;
    const page = Math.max(1, Math.floor(this.clientHeight / this.row_height) - 1);
    const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity};
    if (event.key === 'Enter' && this.#items.length) this.choose(this.#items[this.#active]);
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.#active = Math.max(0, Math.min(this.#items.length - 1, this.#active + steps[event.key]));
    const top = this.#active * this.row_height;
    if (top < this.scrollTop) this.scrollTop = top;
    const bottom = top + this.row_height - this.clientHeight;
    if (bottom > this.scrollTop) this.scrollTop = bottom;
    this.#mark();
    this.#later();
  }
}
customElements.define('mu-list', WindowedList);
