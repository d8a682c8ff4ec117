// Whether a device's firmware is fit: choose a device and a suite, start, watch, read the result.
import {call, download, get, v1} from './api.js';
import {attempt, confirmed} from './dialog.js';
import {badge, field, foreign, h, select, table, time, visible} from './dom.js';
import {report_frame} from './report.js';
import {throttled, View} from './view.js';

const suites = [{value: 'quick', text: 'quick: the most common mistakes'}, {value: 'full', text: 'full: every check'}, {value: '', text: 'those chosen below'}];
const colour = {passed: 'good', warned: 'warning', failed: 'violation', not_run: ''};
const over = (run) => run.state === 'done' || run.state === 'aborted';

class Verdict extends View {
  #soon = throttled(() => this.refresh().catch(() => {}), 700);

  get heading() { return 'Verdict'; }
  get stream() { return {last: 0}; }
  on_events(batch) {
    if (batch.some((event) => event.type === 'verdict')) this.#soon();
  }

  connectedCallback() {
    this.form = h('section', {});
    this.runs = h('div', {});
    this.run = h('section', {hidden: true, 'aria-label': 'The run'});
    this.replaceChildren(this.form, this.run, h('section', {}, h('h2', {}, 'Runs'), this.runs));
    this.wanted = this.parts[0];
    this.timer = setInterval(() => this.#soon(), 1000);
    this.#make_form().catch((error) => this.form.replaceChildren(h('p', {class: 'bad'}, error.message)));
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async #make_form() {
    const [{checks}, {connectors, default: standard}] = await Promise.all([get(`${v1}/checks`), get(`${v1}/connectors`)]);
    const connector = select((connectors.length ? connectors.map((one) => one.connector) : [standard]), this.params.get('connector') ?? '');
    const identity = h('input', {required: true, autocomplete: 'off', value: this.params.get('identity') ?? ''});
    const suite = select(suites, 'quick', {onchange: () => (list.hidden = suite.value !== '')});
    const boxes = checks.map((check) => h('input', {type: 'checkbox', value: check.id, checked: check.in_quick}));
    const list = h('fieldset', {hidden: true}, h('legend', {}, 'Checks'),
      checks.map((check, i) => h('div', {}, h('label', {}, boxes[i], ` ${check.id} `, h('span', {class: 'muted'}, check.title)))));
    const start = (event) => {
      event.preventDefault();
      const chosen = suite.value ? {suite: suite.value} : {checks: boxes.filter((box) => box.checked).map((box) => box.value)};
      attempt(async () => {
        const run = await call('POST', `${v1}/runs`, {connector: connector.value, identity: identity.value.trim(), ...chosen});
        this.wanted = run.id;
        await this.refresh();
        this.run.scrollIntoView();
      });
    };
    this.form.replaceChildren(h('h2', {}, 'Judge a device'), h('form', {onsubmit: start},
      h('div', {class: 'fields'}, field('Connector', connector), field('Device', identity, 'The run owns it until it ends.'), field('Suite', suite)),
      list, h('button', {class: 'primary'}, 'Start')));
  }

  async refresh() {
    const {runs} = await get(`${v1}/runs`);
    if (!this.isConnected) return;
    this.wanted ??= runs.at(-1)?.id;
    const row = (run) => [h('button', {type: 'button', class: 'quiet', onclick: () => { this.wanted = run.id; this.refresh(); }}, visible(run.id, 40)),
      foreign(run.identity, 80), visible(run.suite, 80), run.state.replaceAll('_', ' '), badge(colour[run.outcome] ?? '', run.outcome.replace('_', ' ')), time(run.started_us)];
    if (!this.runs.contains(document.activeElement)) {
      this.runs.replaceChildren(runs.length ? table('Runs', ['Run', 'Device', 'Suite', 'State', 'Outcome', 'Began'], runs.toReversed().map(row)) : h('p', {class: 'muted'}, 'No device was judged yet.'));
    }
    if (this.wanted) this.#show(await get(`${v1}/runs/${encodeURIComponent(this.wanted)}`));
  }

  /** Only what differs is drawn anew: a button that has the focus stays. */
  #part(name, content, make) {
    const text = JSON.stringify(content);
    this.parts_shown ??= new Map();
    const known = this.parts_shown.get(name);
    if (known?.text === text) return known.element;
    const element = make();
    known?.element.replaceWith(element);
    this.parts_shown.set(name, {text, element});
    return element;
  }

  #show(run) {
    const title = this.#part('title', [run.id, run.state, run.outcome], () => this.#title(run));
    const progress = this.#part('progress', [run.id, run.state, run.current, run.checks.filter((check) => check.ended_us).length], () => this.#progress(run));
    const hooks = this.#part('hooks', [run.id, run.hooks_asked], () => this.#hooks(run));
    const checks = this.#part('checks', [run.id, run.checks, over(run)], () => this.#checks(run));
    const report = this.#part('report', [run.id, over(run)], () => this.#report(run));
    if (this.run.hidden) this.run.replaceChildren(title, progress, hooks, report, checks);
    this.run.hidden = false;
  }

  #title(run) {
    const path = `${v1}/runs/${encodeURIComponent(run.id)}`;
    const stop = async () => {
      if (await confirmed('Abort the run? Its faults end, and clock and values of the device are put back.', 'Abort')) await attempt(() => call('DELETE', path), 'Aborted.');
    };
    return h('div', {class: 'bar'}, h('h2', {}, foreign(run.identity, 80), ` ${run.state.replaceAll('_', ' ')} `, badge(colour[run.outcome] ?? '', run.outcome.replace('_', ' '))),
      over(run) ? h('button', {type: 'button', onclick: () => attempt(() => download(`${path}/report?format=html`, `verdict-${run.id}.html`))}, 'Download the report') : h('button', {type: 'button', class: 'danger', onclick: stop}, 'Abort'));
  }

  #progress(run) {
    if (over(run)) return h('div', {});
    const done = run.checks.filter((check) => check.ended_us).length;
    return h('div', {}, h('progress', {max: run.checks.length || 1, value: done, 'aria-label': 'Checks done'}),
      h('p', {class: 'muted'}, `${visible(run.current?.check ?? '', 40)} waits for ${visible(run.current?.waits_for || 'the device', 120)}, at most ${Math.round((run.current?.left_ms ?? 0) / 1000)} s`));
  }

  /** When the run is over: what a colleague would get. */
  #report(run) {
    const place = h('div', {});
    if (!over(run)) return place;
    const path = `${v1}/runs/${encodeURIComponent(run.id)}/report?format=html`;
    report_frame(path, `Report of run ${run.id}`).then((frame) => place.replaceChildren(frame))
      .catch((error) => place.replaceChildren(h('p', {class: 'bad'}, error.message)));
    return place;
  }

  #hooks(run) {
    const path = `${v1}/runs/${encodeURIComponent(run.id)}/hooks`;
    return h('div', {}, (run.hooks_asked ?? []).map((name) => h('div', {class: 'bar', role: 'status'}, h('span', {}, `The run asks you: ${name.replaceAll('_', ' ')}.`),
      h('button', {type: 'button', onclick: () => attempt(() => call('POST', `${path}/${encodeURIComponent(name)}`, {done: true}))}, 'Done'))));
  }

  #checks(run) {
    const timeline = `#/timeline?connector=${encodeURIComponent(run.connector)}&identity=${encodeURIComponent(run.identity)}`;
    const evidence = (check) => check.evidence.slice(0, 5).map((cursor) => [h('a', {href: `${timeline}&open=${cursor}`}, cursor), ' ']);
    const row = (check) => [check.id, h('div', {}, visible(check.title, 200), check.message && h('small', {}, visible(check.message, 400)), check.hint && h('small', {}, visible(check.hint, 400))),
      badge(colour[check.outcome] ?? '', check.outcome.replace('_', ' ')), check.evidence.length ? evidence(check) : '—'];
    const all = table('Checks', ['Check', 'What', 'Outcome', 'Events'], run.checks.map(row));
    return over(run) ? h('details', {}, h('summary', {}, 'The events behind each check'), all) : all;
  }
}
customElements.define('mu-verdict', Verdict);
