// Everything that happens, newest first. The filter is in the address, so that it can be shared.
import {call, connector_path, get, query_text, v1} from './api.js';
import {attempt} from './dialog.js';
import {field, h, plural, select} from './dom.js';
import {cause_of, event_detail, event_row, types} from './events.js';
import './list.js';
import {show_rule} from './rules.js';
import {throttled, View} from './view.js';

const looked_back = 50_000;  // events, before the filter
const kept = 50_000;
const names = ['type', 'connector', 'identity', 'topic', 'alias', 'rule', 'name', 'kind'];
const labels = {type: 'Type', connector: 'Connector', identity: 'Device', topic: 'Topic filter', alias: 'Resource', rule: 'Rule', name: 'Fault', kind: 'Kind of fault'};

class Timeline extends View {
  #events = [];  // oldest first
  #waiting = [];
  #paused = false;
  #journal = throttled(() => this.#show_journal(), 2000);

  get heading() { return 'Timeline'; }
  get stream() { return {last: looked_back, ...this.#filter()}; }

  #filter() {
    return Object.fromEntries(names.flatMap((name) => (this.params.get(name) ? [[name, this.params.get(name)]] : [])));
  }

  connectedCallback() {
    this.count = h('span', {class: 'muted', role: 'status'});
    this.pause = h('button', {type: 'button', 'aria-pressed': 'false', onclick: () => this.#toggle()}, 'Pause');
    this.list = h('mu-list', {class: 'timeline'});
    Object.assign(this.list, {label: 'Events, newest first', row: event_row, key: (event) => event.cursor, choose: (event) => this.#open(event)});
    this.side = h('section', {hidden: true, 'aria-label': 'The chosen event'});
    this.split = h('div', {class: 'split'}, this.list, this.side);
    this.packets = h('div', {class: 'bar'});
    this.replaceChildren(h('section', {}, this.#form(), this.packets), h('div', {class: 'bar'}, this.count, this.pause), this.split);
    this.wanted = Number(this.params.get('open')) || 0;
  }

  #form() {
    const inputs = {};
    for (const name of names) {
      const chosen = this.params.get(name) ?? '';
      inputs[name] = name === 'type' && (chosen === '' || types.includes(chosen))
        ? select([{value: '', text: 'all'}, ...types], chosen)
        : h('input', {value: chosen, autocomplete: 'off'});
    }
    const apply = (event) => {
      event.preventDefault();
      const query = query_text(Object.fromEntries(names.map((name) => [name, inputs[name].value.trim()])));
      location.hash = `#/timeline${query ? `?${query}` : ''}`;
    };
    const rest = ['topic', 'alias', 'rule', 'name', 'kind'];
    inputs.type.addEventListener('change', apply);
    const more = h('details', {open: rest.some((name) => inputs[name].value !== '')}, h('summary', {}, 'More filters'),
      h('div', {class: 'filters'}, rest.map((name) => field(labels[name], inputs[name]))));
    return h('form', {onsubmit: apply},
      h('div', {class: 'filters'}, ['type', 'connector', 'identity'].map((name) => field(labels[name], inputs[name])),
        h('button', {class: 'primary'}, 'Filter'), h('a', {href: '#/timeline', class: 'button'}, 'Clear')), more);
  }

  on_anew() {
    this.#events = [];
    this.#waiting = [];
    this.list.show([]);
  }

  on_events(batch) {
    if (this.#paused) {
      this.#waiting.push(...batch);
      if (this.#waiting.length > kept) this.#waiting.splice(0, this.#waiting.length - kept);
    } else {
      this.#take(batch);
    }
    this.#show_count();
    this.#journal();
  }

  #take(batch) {
    for (const event of batch) this.#events.push(event);
    if (this.#events.length > kept) this.#events.splice(0, this.#events.length - kept);
    this.list.show(this.#events.toReversed(), batch.length);
    if (!this.wanted) return;
    const event = batch.find((one) => one.cursor === this.wanted);
    if (event) this.#open(event);
  }

  #toggle() {
    this.#paused = !this.#paused;
    this.pause.setAttribute('aria-pressed', String(this.#paused));
    this.pause.textContent = this.#paused ? 'Go on' : 'Pause';
    if (!this.#paused) this.#take(this.#waiting.splice(0));
    this.#show_count();
  }

  #show_count() {
    const waiting = this.#paused && this.#waiting.length ? `, ${this.#waiting.length} more are waiting` : '';
    const dropped = this.dropped ? `; ${plural(this.dropped, 'older event')} left the journal` : '';
    this.count.textContent = `${plural(this.#events.length, 'event')}${waiting}${dropped}`;
  }

  #open(event) {
    this.wanted = 0;
    this.side.hidden = false;
    this.split.classList.add('open');
    const close = () => {
      this.side.hidden = true;
      this.split.classList.remove('open');
      this.list.focus();
    };
    this.side.replaceChildren(
      h('div', {class: 'bar'}, h('h2', {}, `Event ${event.cursor}`), h('button', {type: 'button', class: 'quiet', onclick: close}, 'Close')),
      event.type === 'finding' ? show_rule(event.rule) : '',
      event_detail(event, cause_of(event, this.#events)));
    if (event.type === 'finding' && event.packet && !cause_of(event, this.#events)) this.#fetch_cause(event);
  }

  /** The filter may have left the packet out. */
  async #fetch_cause(finding) {
    const query = query_text({type: 'packet', connector: finding.connector, after: Math.max(0, finding.cursor - 200), limit: 200});
    const {events} = await get(`${v1}/events?${query}`).catch(() => ({events: []}));
    const cause = cause_of(finding, events);
    const place = this.side.querySelector('.detail');
    if (cause && place) place.replaceWith(event_detail(finding, cause));
  }

  async refresh() {
    const {dropped} = await get(`${v1}/events?last=0`);
    this.dropped = dropped;
    this.#show_count();
    await this.#show_journal();
  }

  /** Whether the packets of the connector are journalled, and a button for it. */
  async #show_journal() {
    const connector = this.params.get('connector') || this.#events.findLast((event) => event.connector)?.connector;
    if (!connector || this.packets.contains(document.activeElement)) return;
    const settings = await get(connector_path(connector)).catch(() => null);
    if (!settings || !this.isConnected) return;
    const on = settings.journal.packets;
    const change = () => attempt(async () => {
      await call('PATCH', connector_path(connector), {journal: {packets: !on}});
      document.activeElement.blur();
      await this.#show_journal();
    });
    this.packets.replaceChildren(
      h('span', {class: 'muted'}, on ? `The packets of ${connector} are journalled.` : `The packets of ${connector} are not journalled: connections have no sequence chart.`),
      h('button', {type: 'button', class: 'quiet', onclick: change}, on ? 'Stop journalling packets' : 'Journal packets'));
  }
}
customElements.define('mu-timeline', Timeline);
