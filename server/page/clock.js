// The emulator's clock: it runs, stands still, or is moved, for all connectors or for one.
import {call, get, v1} from './api.js';
import {attempt} from './dialog.js';
import {badge, field, h, select} from './dom.js';
import {View} from './view.js';

const steps = ['1m', '1h', '24h', '7d'];
const lengths = {s: 1e6, m: 60e6, h: 3600e6, d: 86400e6};

function offset_text(us) {
  if (us === 0) return 'as real time';
  let left = Math.round(Math.abs(us) / 1e6);
  const parts = [];
  for (const [unit, seconds] of [['d', 86400], ['h', 3600], ['m', 60], ['s', 1]]) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count) parts.push(`${count} ${unit}`);
  }
  return parts.length ? `${parts.join(' ')} ${us > 0 ? 'ahead of' : 'behind'} real time` : 'as real time';
}

class Clock extends View {
  get heading() { return 'Clock'; }

  connectedCallback() {
    this.now = h('p', {class: 'big'});
    this.about = h('p', {});
    this.scope = select([{value: '', text: 'all connectors'}], '', {onchange: () => this.refresh()});
    this.freeze = h('button', {type: 'button', onclick: () => this.#put({frozen: !this.clock.frozen})});
    const by = h('input', {placeholder: '25h', required: true, pattern: '-?[0-9]+(\\.[0-9]+)?(us|ms|s|m|h|d)', title: 'a number and ms, s, m, h or d: 90s, 25h, -1h'});
    const to = h('input', {type: 'datetime-local', step: 1, required: true});
    const submit = (work) => (event) => { event.preventDefault(); work(); };
    this.replaceChildren(
      h('section', {}, field('Whose clock', this.scope), this.now, this.about,
        h('div', {class: 'actions'}, this.freeze, steps.map((step) => h('button', {type: 'button', onclick: () => this.#advance(step)}, `+ ${step}`)),
          h('button', {type: 'button', onclick: () => this.#call('DELETE', '')}, 'Real time again'))),
      h('section', {}, h('h2', {}, 'Move it'),
        h('form', {onsubmit: submit(() => this.#advance(by.value))}, field('By', by, '90s, 25h, -1h. What is then due has happened when it is done.'), h('button', {}, 'Move')),
        h('form', {onsubmit: submit(() => this.#put({now_us: new Date(to.value).getTime() * 1000}))}, field('To', to, 'In the time zone of this browser.'), h('button', {}, 'Set'))),
      h('p', {class: 'hint'}, 'Timestamps, session ages, tokens and activation windows follow this clock. Keep Alive and network timeouts do not.'));
    this.timer = setInterval(() => this.#tick(), 200);
    get(`${v1}/connectors`).then(({connectors}) => this.scope.append(...connectors.map((one) => h('option', {value: one.connector}, one.connector)))).catch(() => {});
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  #path(rest) {
    return `${v1}/clock${rest}${this.scope.value ? `?connector=${encodeURIComponent(this.scope.value)}` : ''}`;
  }

  async refresh() {
    this.#show(await get(this.#path('')));
  }

  #show(clock) {
    this.clock = clock;
    this.taken = performance.now();
    this.freeze.textContent = clock.frozen ? 'Let it run' : 'Freeze';
    this.about.replaceChildren(badge(clock.frozen ? 'warn' : 'good', clock.frozen ? 'frozen' : 'runs'), ` ${offset_text(clock.offset_us)}`);
    this.#tick();
  }

  #tick() {
    if (!this.clock) return;
    const passed = this.clock.frozen ? 0 : performance.now() - this.taken;
    const at = new Date(this.clock.now_us / 1000 + passed);
    this.now.textContent = Number.isNaN(at.getTime()) ? `${this.clock.now_us} µs` : at.toISOString().replace('T', ' ').replace(/\.\d+Z/, ' UTC');
  }

  #call(method, rest, body) {
    return attempt(async () => this.#show(await call(method, this.#path(rest), body)));
  }

  #put(body) {
    return this.#call('PUT', '', body);
  }

  #advance(by) {
    // Days are ours alone.
    const days = /^(-?[\d.]+)d$/.exec(by.trim());
    return this.#call('POST', '/advance', {by: days ? `${(Number(days[1]) * lengths.d) / lengths.h}h` : by.trim()});
  }
}
customElements.define('mu-clock', Clock);
