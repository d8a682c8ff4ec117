// Who is here: connectors, their devices, what they did wrong, and the first commands.
import {call, device2, download, get, query_text, v1} from './api.js';
import {attempt} from './dialog.js';
import {badge, copyable, foreign, h, plural, select, time, visible} from './dom.js';
import {device_link} from './events.js';
import './list.js';
import {Rates, spark} from './spark.js';
import {throttled, View} from './view.js';

const most_devices = 10_000;
const most_findings = 6;
const changes = new Set(['connect', 'disconnect', 'provisioned', 'deleted', 'expired', 'finding']);

class Overview extends View {
  #rates = new Rates();
  #devices = [];
  #soon = throttled(() => this.refresh().catch(() => {}), 1500);

  get heading() { return 'Overview'; }
  get stream() { return {last: 0, type: 'connect,disconnect,provisioned,data_in,deleted,expired,finding,fault'}; }

  connectedCallback() {
    this.connector = this.params.get('connector');
    this.search = h('input', {type: 'search', placeholder: 'Find a device', 'aria-label': 'Find a device', oninput: () => this.#show_devices()});
    this.list = h('mu-list', {class: 'devices'});
    Object.assign(this.list, {label: 'Devices', row_height: 44, key: (device) => device.identity,
      row: (device) => this.#device_row(device),
      choose: (device) => (location.hash = `#/device/${encodeURIComponent(this.connector)}/${encodeURIComponent(device.identity)}`)});
    this.connectors = h('div', {class: 'cards'});
    this.findings = h('div', {});
    this.devices_title = h('h2', {}, 'Devices');
    this.start = h('section', {'aria-label': 'First commands'});
    this.simulated = h('span', {class: 'simulated'});
    this.devices = h('section', {}, h('div', {class: 'bar'}, this.devices_title, this.simulated, this.search), this.list);
    this.findings_box = h('section', {}, h('h2', {}, 'Findings'), this.findings);
    this.replaceChildren(this.connectors, this.devices, this.findings_box, this.start);
    this.timer = setInterval(() => this.#tick(), 1000);
    this.slow_timer = setInterval(() => this.#soon(), 5000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    clearInterval(this.slow_timer);
  }

  on_events(batch) {
    for (const event of batch) {
      if (event.type === 'data_in') {
        this.#rates.add(event.connector);
        this.#rates.add(`${event.connector}/${event.identity}`);
        const device = event.connector === this.connector && this.#by_name?.get(event.identity);
        if (device) device.lastseen = event.timestamp;
      }
      if (changes.has(event.type)) this.#soon();
    }
  }
  #by_name = new Map();

  async refresh() {
    const {default: standard, connectors} = await get(`${v1}/connectors`);
    if (!connectors.some((one) => one.connector === this.connector)) {
      const busiest = connectors.reduce((best, one) => (!best || one.identities > best.identities ? one : best), null);
      this.connector = busiest?.connector ?? standard;
    }
    this.all = connectors;
    const exists = connectors.length > 0;
    const [listed, report, settings, health, simulated] = await Promise.all([
      exists ? get(`${device2(this.connector)}/identity/?limit=${most_devices}`) : {devices: []},
      get(`${v1}/report?format=json`), get(device2(this.connector)), get(`${v1}/health`),
      get(`${v1}/devices/simulated`)]);
    if (!this.isConnected) return;
    this.#devices = listed.devices;
    this.#by_name = new Map(listed.devices.map((device) => [device.identity, device]));
    this.more = listed.mayLoadMore;
    this.faults = health.faults;
    this.#show_connectors();
    this.#show_devices();
    this.#show_simulated(simulated.devices.filter((one) => one.connector === this.connector));
    this.list.redraw();
    this.#show_findings(report);
    this.#show_start(settings, standard);
  }

  #show_connectors() {
    const card = (one) => {
      const rate = h('span', {'data-rate': one.connector}, spark(this.#rates.of(one.connector), 'reports'));
      return h('button', {type: 'button', class: 'card', 'aria-pressed': String(one.connector === this.connector),
        onclick: () => { this.connector = one.connector; this.refresh(); }},
        h('strong', {}, one.connector), h('span', {}, plural(one.identities, 'device'), ', ', plural(one.connections, 'connection')), rate);
    };
    const focused = this.connectors.contains(document.activeElement);
    const warning = this.faults > 0 && h('a', {class: 'card warn', href: '#/faults'}, h('strong', {}, plural(this.faults, 'fault')),
      h('span', {}, 'The server misbehaves on purpose.'));
    this.connectors.replaceChildren(...[warning, ...this.all.map(card)].filter(Boolean));
    if (focused) this.connectors.querySelector('[aria-pressed=true]')?.focus();
  }

  #show_devices() {
    const wanted = this.search.value.trim().toLowerCase();
    const shown = wanted ? this.#devices.filter((one) => one.identity.toLowerCase().includes(wanted)) : this.#devices;
    this.devices.hidden = this.#devices.length === 0;
    const online = this.#devices.filter((one) => one.online).length;
    this.devices_title.textContent = `Devices of ${this.connector}: ${this.#devices.length}${this.more ? '+' : ''}, ${online} online`;
    this.list.style.height = `${Math.min(10.5, Math.max(1, shown.length)) * 44 + 2}px`;
    this.list.show(shown);
  }

  // Devices that the server itself plays, until somebody stops them.
  #show_simulated(devices) {
    const shown = `${devices.length}`;
    if (this.simulated.dataset.shown === shown) return;  // the button may have the focus
    this.simulated.dataset.shown = shown;
    this.simulated.replaceChildren(...(devices.length === 0 ? [] : [
      h('span', {class: 'muted'}, plural(devices.length, 'simulated device')), ' ',
      h('button', {type: 'button', onclick: () => this.#change_simulated('DELETE', `?${query_text({connector: this.connector})}`)}, 'Stop')]));
  }

  async #change_simulated(method, query = '', body = undefined) {
    if (await attempt(() => call(method, `${v1}/devices/simulated${query}`, body))) await this.refresh();
  }

  #device_row(device) {
    const name = `${this.connector}/${device.identity}`;
    return [
      h('span', {class: `dot ${device.online ? 'on' : 'off'}`, role: 'img', 'aria-label': device.online ? 'online' : 'offline'}),
      h('span', {class: 'who'}, device_link(this.connector, device.identity, 60)),
      badge(device.locked ? 'violation' : device.status === 'provisioned' ? 'good' : 'info', device.locked ? 'locked' : device.status),
      h('span', {class: 'muted seen'}, device.lastseen ? `seen ${time(device.lastseen)}` : 'never seen'),
      h('span', {class: 'rate', 'data-rate': name}, spark(this.#rates.of(name), 'reports')),
    ];
  }

  #tick() {
    for (const place of this.querySelectorAll('[data-rate]')) {
      const counts = this.#rates.of(place.dataset.rate);
      if (counts) place.replaceChildren(spark(counts, 'reports'));
    }
  }

  #show_findings(report) {
    const count = report.violations + report.warnings;
    this.findings_box.hidden = !report.findings.length && !this.#devices.length;
    if (!report.findings.length) {
      this.findings.replaceChildren(h('p', {class: 'muted'}, 'None: no device broke a rule.'));
      return;
    }
    const order = {violation: 0, warning: 1, info: 2};
    const sorted = report.findings.toSorted((a, b) => order[a.severity] - order[b.severity] || b.last_timestamp - a.last_timestamp);
    const item = (one) => {
      const filter = query_text({type: 'finding', connector: one.connector, identity: one.identity, rule: one.code ?? one.rule});
      return h('li', {}, badge(one.severity, `${one.severity} ${one.rule}`), ' ', one.identity ? device_link(one.connector, one.identity) : null, ' ',
        h('span', {class: 'what'}, visible(one.message, 300)), ' ', one.count > 1 && h('span', {class: 'muted'}, `${one.count} times `),
        h('a', {href: `#/timeline?${filter}`}, 'show'), one.hint && h('div', {class: 'hint'}, visible(one.hint, 300)));
    };
    this.findings.replaceChildren(
      h('p', {}, h('a', {href: '#/timeline?type=finding'}, plural(count, 'finding')), ' waiting to be read.'),
      h('ul', {class: 'findings'}, sorted.slice(0, most_findings).map(item)));
  }

  #show_start(settings, standard) {
    const [host, port = '443'] = (settings.fqdn ?? `${standard}:8883`).split(':');
    const here = location.hostname === 'localhost' ? '127.0.0.1' : location.hostname;
    const key = `${host}${port}${this.#devices.length === 0}`;
    if (this.started === key) return;  // somebody may be reading or marking it
    this.started = key;
    const common = `-h ${host} -p ${port} --cafile ca.crt`;
    const commands = [
      `curl -s -o ca.crt ${location.origin}${v1}/ca.crt`,
      `TOKEN=$(mosquitto_rr -V mqttv311 ${common} -t '$provision/12345' -e '$provision/12345' -n)`,
      `mosquitto_pub ${common} -u 12345 -P "$TOKEN" -q 1 -t '$resource/data_in' -m '{"hello": "world"}'`,
      `mosquitto_sub ${common} -u 12345 -P "$TOKEN" -t '$resource/#' -v`];
    const parts = [
      h('p', {}, h('button', {type: 'button', class: 'primary', onclick: () => this.#change_simulated('POST', '', {connector: this.connector})},
        'Start a simulated device'), ' Somebody to look at: it provisions, reports, and takes the settings that you set.'),
      h('p', {}, 'A device trusts this server when it has the certificate of its authority, and finds it when its host name leads here.'),
      h('p', {}, h('button', {type: 'button', onclick: () => attempt(() => download(`${v1}/ca.crt`, 'ca.crt'))}, 'Download the CA (ca.crt)')),
      h('h3', {}, 'The line for /etc/hosts'), copyable(`${here} ${host}`, 'the line for /etc/hosts'),
      h('h3', {}, 'The first commands: provision a device, report a value, wait for values'), copyable(commands.join('\n'), 'the first commands')];
    const body = this.#devices.length === 0
      ? h('div', {class: 'first'}, h('h2', {}, 'No device has come yet'), parts)
      : h('details', {}, h('summary', {}, h('h2', {}, 'Connect another device')), parts);
    this.start.replaceChildren(body);
  }
}
customElements.define('mu-overview', Overview);
