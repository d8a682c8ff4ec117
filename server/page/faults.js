// What the server does wrong on purpose: what is in force, and a form made from the table of kinds.
import {call, get, v1} from './api.js';
import {attempt} from './dialog.js';
import {badge, field, foreign, h, select, table, visible} from './dom.js';
import {throttled, View} from './view.js';

// What every kind takes, beside its own keys.
const common = [
  {name: 'connector', type: 'text', help: 'only there; none: everywhere'},
  {name: 'identity', type: 'text', help: 'only this device'},
  {name: 'client_id', type: 'text', help: 'only this client id'},
  {name: 'ip', type: 'text', help: 'an address or a block: 192.0.2.0/24'},
  {name: 'topic', type: 'text', help: 'a filter that the packet must meet'},
  {name: 'times', type: 'number', least: 1, help: 'how often at most; none: without end'},
  {name: 'skip', type: 'number', least: 0, help: 'so many chances pass first'},
  {name: 'probability', type: 'fraction', help: 'of each chance, 0 to 1'},
  {name: 'for_ms', type: 'number', least: 1, help: 'ends after so long'},
  {name: 'after_ms', type: 'number', least: 0, help: 'begins after so long'},
  {name: 'fault_name', type: 'text', help: 'its name; none: one is made'},
];
const scope_keys = ['connector', 'identity', 'client_id', 'anonymous', 'ip', 'topic'];
const counters = new Set(['hits', 'chances', 'state', 'kind', 'fault_name', 'after_fault', 'match', 'skip', 'times', 'probability', 'seed', 'per', 'for_ms', 'after_ms', ...scope_keys]);

class Faults extends View {
  #soon = throttled(() => this.refresh().catch(() => {}), 500);

  get heading() { return 'Faults'; }
  get stream() { return {last: 0, type: 'fault'}; }
  on_events() { this.#soon(); }

  connectedCallback() {
    this.list = h('div', {});
    this.form = h('section', {});
    this.replaceChildren(h('section', {}, h('div', {class: 'bar'}, h('h2', {}, 'In force'),
      h('button', {type: 'button', class: 'danger', onclick: () => this.#clear()}, 'Clear all')), this.list), this.form);
    this.timer = setInterval(() => this.#soon(), 1500);
    get(`${v1}/faults/kinds`).then(({kinds}) => {
      this.kinds = kinds;
      this.#show_form(this.params.get('kind') ?? 'withhold');
    }).catch(() => {});
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async refresh() {
    const {faults} = await get(`${v1}/faults`);
    if (!this.isConnected) return;
    const text = JSON.stringify(faults);
    if (text === this.shown) return;
    this.shown = text;
    if (!faults.length) {
      this.list.replaceChildren(h('p', {class: 'muted'}, 'None: the server behaves.'));
      return;
    }
    const focused = document.activeElement?.dataset?.clear;
    this.list.replaceChildren(table('Faults', ['Name', 'Kind', 'Strikes', 'State', 'Hits', ''], faults.map((one) => this.#row(one))));
    if (focused) this.list.querySelector(`[data-clear="${CSS.escape(focused)}"]`)?.focus();
  }

  #row(fault) {
    const set = (value) => value !== null && value !== undefined && value !== '';
    const scope = scope_keys.filter((key) => set(fault[key])).map((key) => `${key} ${fault[key]}`);
    const own = Object.entries(fault).filter(([key, value]) => !counters.has(key) && set(value) && value !== fault.fault_name).map(([key, value]) => `${key} ${value}`);
    const budget = [set(fault.times) && `${fault.times} times`, fault.skip > 0 && `skips ${fault.skip}`, fault.probability < 1 && `probability ${fault.probability}`].filter(Boolean);
    const clear = () => attempt(async () => {
      await call('DELETE', `${v1}/faults/${encodeURIComponent(fault.fault_name)}`);
      await this.refresh();
    });
    return [foreign(fault.fault_name, 64), h('div', {}, fault.kind, h('small', {}, visible(own.join(', '), 200))),
      visible([...scope, ...budget].join(', ') || 'everybody', 200), badge(fault.state === 'spent' ? '' : 'warn', fault.state), `${fault.hits} of ${fault.chances} chances`,
      h('button', {type: 'button', class: 'quiet', 'data-clear': fault.fault_name, 'aria-label': `Clear ${visible(fault.fault_name, 64)}`, onclick: clear}, 'Clear')];
  }

  #clear() {
    return attempt(async () => {
      await call('DELETE', `${v1}/faults`);
      await this.refresh();
    }, 'All faults are cleared.');
  }

  #show_form(name) {
    const kind = this.kinds.find((one) => one.kind === name) ?? this.kinds[0];
    const chooser = h('select', {onchange: (event) => this.#show_form(event.target.value)},
      ['tcp', 'tls', 'mqtt', 'content'].map((layer) => h('optgroup', {label: layer},
        this.kinds.filter((one) => one.layer === layer).map((one) => h('option', {value: one.kind, selected: one === kind}, one.kind)))));
    const inputs = new Map();
    const shown = (key) => {
      const input = input_of(key);
      inputs.set(key, input);
      return field(key.name + (key.needed ? ' *' : ''), input, key.help + (key.default ? ` (${key.default})` : ''));
    };
    const taken = new Set(kind.keys.map((key) => key.name));
    const wrong = h('p', {class: 'bad', role: 'alert'});
    const add = async (event) => {
      event.preventDefault();
      wrong.textContent = '';
      const body = {kind: kind.kind};
      for (const [key, input] of inputs) if (input.value !== '') body[key.name] = value_of(key, input.value);
      try {
        await call('POST', `${v1}/faults`, body);
        await this.refresh();
      } catch (error) {
        wrong.textContent = error.message;
      }
    };
    const focused = this.form.contains(document.activeElement);
    this.form.replaceChildren(h('h2', {}, 'Add a fault'), h('form', {onsubmit: add},
      h('div', {class: 'fields'}, field('Kind', chooser, kind.help)),
      kind.keys.length > 0 && h('fieldset', {}, h('legend', {}, `What ${kind.kind} does`), h('div', {class: 'fields'}, kind.keys.map(shown))),
      h('fieldset', {}, h('legend', {}, 'Whom it strikes, how often'), h('div', {class: 'fields'}, common.filter((key) => !taken.has(key.name)).map(shown))),
      wrong, h('button', {class: 'primary'}, 'Add the fault')));
    if (focused) chooser.focus();
  }
}

function input_of(key) {
  if (key.type === 'choice') return select(key.needed ? key.choices : [{value: '', text: 'as usual'}, ...key.choices], key.needed ? key.choices[0] : '');
  if (key.type === 'boolean') return select([{value: '', text: 'as usual'}, {value: 'true', text: 'yes'}, {value: 'false', text: 'no'}], '');
  if (key.type === 'number') return h('input', {type: 'number', min: key.least ?? null, max: key.most ?? null, step: 1, required: key.needed});
  if (key.type === 'fraction') return h('input', {type: 'number', min: 0, max: 1, step: 'any'});
  return h('input', {required: key.needed, autocomplete: 'off', ...(key.type === 'hex' && {pattern: '([0-9A-Fa-f]{2}\\s*)+', title: 'bytes as pairs of hex digits'})});
}

function value_of(key, text) {
  if (key.type === 'number' || key.type === 'fraction') return Number(text);
  return key.type === 'boolean' ? text === 'true' : text;
}
customElements.define('mu-faults', Faults);
