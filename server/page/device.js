// One device: its values, a plot of its numbers, its connections and sessions, and what can be done to it.
import {call, connector_path, device2, get, identity_path, v1} from './api.js';
import {attempt, confirmed} from './dialog.js';
import {badge, bytes, foreign, h, select, table, time, visible} from './dom.js';
import {event_row} from './events.js';
import './list.js';
import './plot.js';
import {Series} from './series.js';
import {throttled, View} from './view.js';

const looked_back = 20_000;  // events
const kept_events = 200;
const history_points = 2000;  // of each resource
const shown_value = 600;

class DeviceView extends View {
  #series = new Series();
  #events = [];
  #gone = false;
  #soon = throttled(() => this.#gone || this.refresh().catch(() => {}), 1000);
  #plot_soon = throttled(() => this.#show_plot(), 250);

  get connector() { return this.parts[0]; }
  get identity() { return this.parts[1] ?? ''; }
  get heading() { return `${visible(this.identity, 80)} of ${visible(this.connector, 63)}`; }
  get stream() { return {connector: this.connector, identity: this.identity, last: looked_back}; }

  connectedCallback() {
    this.facts = h('dl', {class: 'facts'});
    this.tools = h('div', {class: 'actions'});
    this.secret = h('div', {});
    this.values = h('div', {});
    this.plot = h('mu-plot');
    this.plot_box = h('section', {hidden: true}, h('h2', {}, 'Numbers over time'), this.plot);
    this.connections = h('div', {});
    this.sessions = h('div', {});
    this.list = h('mu-list', {class: 'timeline'});
    Object.assign(this.list, {label: 'Last events', row: event_row, key: (event) => event.cursor,
      choose: (event) => (location.hash = `#/timeline?connector=${encodeURIComponent(this.connector)}&identity=${encodeURIComponent(this.identity)}&open=${event.cursor}`)});
    this.list.style.height = '20rem';
    this.replaceChildren(
      h('section', {}, this.facts, this.tools, this.secret),
      h('section', {}, h('h2', {}, 'Values'), this.values), this.plot_box,
      h('section', {}, h('h2', {}, 'Connections'), this.connections, h('h3', {}, 'Sessions'), this.sessions),
      h('section', {}, h('div', {class: 'bar'}, h('h2', {}, 'Last events'),
        h('a', {href: `#/timeline?connector=${encodeURIComponent(this.connector)}&identity=${encodeURIComponent(this.identity)}`}, 'Timeline of this device')), this.list));
    this.timer = setInterval(() => this.#soon(), 3000);
    this.#load_history();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async #load_history() {
    const path = `${connector_path(this.connector)}/identities/${encodeURIComponent(this.identity)}/history`;
    const {values} = await get(`${path}?points=${history_points}`).catch(() => ({values: []}));
    for (const one of values) if (!one.encoding) this.#series.add(one.alias, one.value, one.timestamp);
    this.#show_plot();
  }

  on_events(batch) {
    for (const event of batch) {
      if (event.type !== 'data_in' || !Array.isArray(event.payload)) continue;
      for (const report of event.payload) {
        for (const [alias, value] of Object.entries(report.values)) {
          if (!report.encodings?.[alias]) this.#series.add(alias, value, report.timestamp);
        }
      }
    }
    const fresh = batch.slice(-kept_events).reverse();
    this.#events = [...fresh, ...this.#events].slice(0, kept_events);
    this.list.show(this.#events, fresh.length);
    this.#plot_soon();
    this.#soon();
  }

  #show_plot() {
    this.plot_box.hidden = this.#series.all.size === 0;
    if (!this.plot_box.hidden) this.plot.show(this.#series.all);
  }

  async refresh() {
    const path = identity_path(this.connector, this.identity);
    const filter = `connector=${encodeURIComponent(this.connector)}`;
    const [device, settings, {connections}, {sessions}] = await Promise.all([
      get(path).catch((error) => this.#missing(error)), get(device2(this.connector)), get(`${v1}/connections?${filter}`), get(`${v1}/sessions?${filter}`)]);
    if (!this.isConnected) return;
    this.device = device;
    const own = (one) => one.identity === this.identity;
    this.#show_facts(device);
    this.#show_values(device.state, settings.resources);
    this.#show_connections(connections.filter(own));
    this.#show_sessions(sessions.filter(own));
  }

  #missing(error) {
    if (error.status === 404 && this.isConnected) {
      this.#gone = true;
      this.replaceChildren(h('p', {}, 'There is no such device, or no more. ', h('a', {href: '#/'}, 'To the overview')));
    }
    throw error;
  }

  #show_facts(device) {
    const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
    const status = device.locked ? badge('violation', 'locked') : badge(device.status === 'provisioned' ? 'good' : 'info', device.status);
    this.facts.replaceChildren(
      fact('State', device.online ? badge('good', 'online') : badge('', 'offline')), fact('Status', status),
      fact('Last seen', time(device.lastseen)), fact('Last address', visible(device.lastip || 'none')), fact('Credential', device.auth.type),
      ...device.tags.map((tag) => fact(`Tag ${visible(tag.name, 40)}`, foreign(tag.value))));
    const label = `${device.locked}`;
    if (this.tools_for === label) return;  // a button that has the focus stays
    this.tools_for = label;
    const button = (text, work, kind = '') => h('button', {type: 'button', class: kind, onclick: work}, text);
    this.tools.replaceChildren(
      button('Show the secret', () => this.#show_secret()),
      button(device.locked ? 'Unlock' : 'Lock', () => this.#change({locked: !device.locked}, device.locked ? 'Unlocked.' : 'Locked: the device can no longer connect.')),
      button('Disconnect', () => this.#disconnect()),
      button('Revoke the credential', () => this.#revoke(), 'danger'),
      button('Delete', () => this.#delete(), 'danger'));
  }

  async #show_secret() {
    await attempt(async () => {
      const path = `${connector_path(this.connector)}/identities/${encodeURIComponent(this.identity)}/secret`;
      const {type, key} = await get(path);
      this.secret.replaceChildren(h('h3', {}, `The ${type}`), h('pre', {tabindex: '0', 'aria-label': `The ${type}`}, visible(key)),
        h('button', {type: 'button', class: 'quiet', onclick: () => this.secret.replaceChildren()}, 'Hide'));
    });
  }

  #change(change, done) {
    return attempt(async () => {
      await call('PATCH', identity_path(this.connector, this.identity), change);
      await this.refresh();
    }, done);
  }

  async #disconnect() {
    await attempt(async () => {
      for (const one of this.open ?? []) await call('DELETE', `${v1}/connections/${one.id}`);
      await this.refresh();
    }, this.open?.length ? 'Disconnected.' : 'It has no connection.');
  }

  async #revoke() {
    if (await confirmed(`Revoke the credential of ${visible(this.identity, 80)}? The device must be provisioned again.`, 'Revoke')) {
      await this.#change({auth: {expire: 0}}, 'Revoked.');
    }
  }

  async #delete() {
    if (!await confirmed(`Delete ${visible(this.identity, 80)} with its values, sessions and uploads?`, 'Delete')) return;
    this.#gone = true;  // nobody asks for it meanwhile
    this.#gone = await attempt(() => call('DELETE', identity_path(this.connector, this.identity)), 'Deleted.');
    if (this.#gone) location.hash = '#/';
  }

  #show_values(state, resources) {
    if (this.values.contains(document.activeElement) && document.activeElement.matches('input, select')) {
      this.#update_values(state);
      return;
    }
    const aliases = [...new Set([...Object.keys(resources), ...Object.keys(state)])].sort();
    const row = (alias) => {
      const entry = state[alias] ?? {};
      const resource = resources[alias];
      return [foreign(alias, 80), resource?.format ?? '—', this.#value(alias, 'reported', entry.reported), this.#value(alias, 'set', entry.set),
        h('span', {'data-value': alias, 'data-kind': 'timestamp'}, entry.timestamp ? time(entry.timestamp, {ms: true}) : '—'),
        resource?.settable ? this.#setter(alias, resource) : h('span', {class: 'muted'}, 'not settable')];
    };
    this.values.replaceChildren(table('Values', ['Resource', 'Format', 'Reported', 'Set', 'When', 'Set a value'], aliases.map(row)));
  }

  #value(alias, kind, value) {
    const text = value === undefined ? '—' : typeof value === 'string' ? value : JSON.stringify(value);
    return h('bdi', {class: 'foreign', 'data-value': alias, 'data-kind': kind}, visible(text, shown_value));
  }

  /** Somebody is typing: only the texts change. */
  #update_values(state) {
    for (const place of this.values.querySelectorAll('[data-value]')) {
      const value = state[place.dataset.value]?.[place.dataset.kind];
      if (value === undefined) continue;
      const text = place.dataset.kind === 'timestamp' ? time(value, {ms: true}) : typeof value === 'string' ? value : JSON.stringify(value);
      place.textContent = visible(text, shown_value);
    }
  }

  #setter(alias, resource) {
    const label = `New value of ${visible(alias, 80)}`;
    const input = resource.format === 'boolean' ? select(['true', 'false'], 'true', {'aria-label': label})
      : h('input', {'aria-label': label, size: 14, ...(resource.format === 'number' && {inputmode: 'decimal'})});
    const wrong = h('small', {class: 'bad', role: 'alert'});
    const check = () => {
      const text = input.value.trim();
      let problem = '';
      if (resource.format === 'number' && text && !/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) problem = 'A number as JSON writes it: -12, 21.5, 1e3.';
      else if (resource.format === 'string' && resource.allowed?.length && text && !resource.allowed.map(String).includes(text)) problem = `One of ${resource.allowed.join(', ')}.`;
      wrong.textContent = problem;
      return !problem && (resource.format === 'string' || text !== '');
    };
    const send = async (event) => {
      event.preventDefault();
      if (!check()) return;
      const value = resource.format === 'string' ? input.value : JSON.parse(input.value.trim());
      const path = `${identity_path(this.connector, this.identity)}/state`;
      if (await attempt(() => call('PATCH', path, {[alias]: value}), `${visible(alias, 80)} is set.`)) {
        input.blur();
        await this.refresh();
      }
    };
    input.addEventListener('input', check);
    return h('form', {onsubmit: send}, input, h('button', {class: 'quiet'}, 'Set'), wrong);
  }

  #show_connections(connections) {
    this.open = connections;
    if (!connections.length) {
      this.connections.replaceChildren(h('p', {class: 'muted'}, 'None at the moment.'));
      return;
    }
    const row = (one) => [time(one.connected_us), `${one.ip} (${one.port})`, `${one.tls_version || 'no TLS'} ${one.tls_cipher}`, visible(one.sni || '—', 80), foreign(one.client_id || '—', 60),
      `${bytes(one.bytes_in)} in ${one.packets_in} packets, ${bytes(one.bytes_out)} in ${one.packets_out}`,
      h('a', {href: `#/connection/${this.connector}/${one.id}`}, 'Sequence chart')];
    if (this.connections.contains(document.activeElement)) return;
    this.connections.replaceChildren(table('Connections', ['Since', 'From', 'TLS', 'SNI', 'Client id', 'Came, went', 'Packets'], connections.map(row)));
  }

  #show_sessions(sessions) {
    const row = (one) => [foreign(one.client_id || '—', 60), one.connected ? 'connected' : `left ${time(one.last_seen_us)}`, one.subscriptions.map((filter) => h('div', {}, foreign(filter, 120)))];
    this.sessions.replaceChildren(sessions.length ? table('Sessions', ['Client id', 'State', 'Subscriptions'], sessions.map(row)) : h('p', {class: 'muted'}, 'No session is stored.'));
  }
}
customElements.define('mu-device', DeviceView);
