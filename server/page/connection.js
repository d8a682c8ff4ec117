// The sequence chart of one connection: the device on the left, the emulator on the right, an arrow a packet.
import {h, s, short, time, visible} from './dom.js';
import {cause_of, event_detail, summary} from './events.js';
import {throttled, View} from './view.js';

const looked_back = 100_000;  // events
const most_steps = 400;       // drawn; older ones are left out
const step_height = 34;
const top = 48;
const [left, right, width] = [150, 640, 760];

class ConnectionView extends View {
  #events = [];
  #soon = throttled(() => this.isConnected && this.#draw(), 300);

  get connector() { return this.parts[0]; }
  get id() { return this.parts[1] ?? ''; }
  get heading() { return `Connection ${visible(this.id, 40)}`; }
  get stream() { return {connector: this.connector, last: looked_back}; }

  connectedCallback() {
    this.about = h('p', {class: 'muted', role: 'status'}, 'No event of this connection is in the journal.');
    this.chart = h('div', {class: 'chart', tabindex: '0', role: 'region', 'aria-label': 'Sequence chart'});
    this.side = h('section', {hidden: true, 'aria-label': 'The chosen step'});
    this.split = h('div', {class: 'split'}, h('section', {}, this.about, this.chart), this.side);
    this.replaceChildren(this.split);
    this.near = Number(this.params.get('near')) || 0;
  }

  on_anew() {
    this.#events = [];
    this.#draw();
  }

  on_events(batch) {
    const own = batch.filter((event) => event.connection_id === this.id);
    if (!own.length) return;
    this.#events.push(...own);
    this.#soon();
  }

  #draw() {
    const near = this.near ? this.#events.findIndex((event) => event.cursor === this.near) : -1;
    const first = Math.max(0, near < 0 ? this.#events.length - most_steps : near - most_steps / 2);
    const shown = this.#events.slice(first, first + most_steps);
    const left_out = this.#events.length - shown.length;
    const device = this.#events.findLast((event) => event.identity)?.identity ?? 'the device';
    const packets = this.#events.filter((event) => event.type === 'packet').length;
    this.about.textContent = `${this.#events.length} events, ${packets} packets${left_out ? `; ${shown.length} of them are drawn` : ''}. ` +
      (packets ? '' : 'Packets are drawn where the connector journals them: switch that on in the timeline.');
    const height = top + (shown.length + 1) * step_height;
    const life = (x, name) => [s('text', {x, y: 20, 'text-anchor': 'middle', class: 'head'}, short(name, 34)),
      s('line', {class: 'life', x1: x, x2: x, y1: 30, y2: height - 8})];
    const chart = s('svg', {viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': 'Steps of the connection'},
      life(left, device), life(right, 'murano-emulator'), shown.map((event, i) => this.#step(event, top + i * step_height)));
    const at_end = this.chart.scrollTop + this.chart.clientHeight > this.chart.scrollHeight - 40;
    const focused = this.chart.contains(document.activeElement) && document.activeElement.dataset.cursor;
    this.chart.replaceChildren(chart);
    if (focused) chart.querySelector(`[data-cursor="${focused}"]`)?.focus({preventScroll: true});
    if (near < 0) {
      if (at_end) this.chart.scrollTop = this.chart.scrollHeight;
    } else if (!this.chosen) {
      this.#choose(this.#events[near]);
      const step = chart.querySelector('.active').getBoundingClientRect();
      this.chart.scrollTop += step.top - this.chart.getBoundingClientRect().top - this.chart.clientHeight / 2;
    }
  }

  #step(event, y) {
    const group = s('g', {class: `step${event === this.chosen ? ' active' : ''}`, tabindex: 0, role: 'button', 'aria-label': visible(summary(event), 120), 'data-cursor': event.cursor},
      s('rect', {class: 'ground', x: 0, y: y - 20, width, height: step_height}),
      s('text', {class: 'small', x: 4, y: y - 2}, time(event.timestamp, {ms: true}).slice(-12)),
      event.type === 'packet' ? this.#arrow(event, y) : this.#mark(event, y));
    const choose = () => this.#choose(event);
    group.addEventListener('click', choose);
    group.addEventListener('keydown', (key) => {
      if (key.key !== 'Enter' && key.key !== ' ') return;
      key.preventDefault();
      choose();
    });
    return group;
  }

  #arrow(event, y) {
    const packet = event.payload;
    const [from, to] = packet.direction === 'in' ? [left, right] : [right, left];
    const back = packet.direction === 'in' ? -8 : 8;
    const details = [packet.topic, packet.id !== undefined && `id ${packet.id}`, packet.qos && `QoS ${packet.qos}`,
      packet.return_code !== undefined && `code ${packet.return_code}`].filter(Boolean).join(' · ');
    return [s('line', {class: 'arrow', x1: from, x2: to, y1: y + 4, y2: y + 4}),
      s('path', {class: 'tip', d: `M${to} ${y + 4}l${back} -4v8z`}),
      s('text', {x: (left + right) / 2, y: y - 2, 'text-anchor': 'middle'}, `${packet.type} ${short(details, 56)}`)];
  }

  #mark(event, y) {
    const text = event.type === 'finding' ? `${event.code ?? event.rule}: ${event.message}` : `${event.type}: ${summary(event)}`;
    return [s('rect', {class: `mark ${event.severity ?? ''}`, x: left + 14, y: y - 15, width: right - left - 28, height: 24, rx: 6}),
      s('text', {x: (left + right) / 2, y: y + 1, 'text-anchor': 'middle'}, short(text, 62))];
  }

  #choose(event) {
    this.chosen = event;
    for (const step of this.chart.querySelectorAll('.step')) step.classList.toggle('active', step.dataset.cursor === String(event.cursor));
    this.side.hidden = false;
    this.split.classList.add('open');
    const close = () => {
      this.near = 0;
      this.side.hidden = true;
      this.split.classList.remove('open');
    };
    this.side.replaceChildren(h('div', {class: 'bar'}, h('h2', {}, `Event ${event.cursor}`),
      h('button', {type: 'button', class: 'quiet', onclick: close}, 'Close')), event_detail(event, cause_of(event, this.#events)));
  }
}
customElements.define('mu-connection', ConnectionView);
