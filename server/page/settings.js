// A connector's settings: fields with their help, and the whole as JSON; changes are a JSON Merge Patch.
import {call, connector_path, get} from './api.js';
import {attempt, notice} from './dialog.js';
import {chooser} from './chooser.js';
import {field, h, select} from './dom.js';
import {fields} from './settings_help.js';
import {View} from './view.js';

const at = (object, path) => path.split('.').reduce((inner, key) => inner?.[key], object);

/** {a: {b: value}} of 'a.b'. */
function patch_of(path, value) {
  return path.split('.').reverse().reduce((inner, key) => ({[key]: inner}), value);
}

/** What turns `before` into `after`, by RFC 7396: null removes a key. */
export function merge_patch(before, after) {
  const is_object = (one) => one !== null && typeof one === 'object' && !Array.isArray(one);
  const patch = {};
  for (const key of Object.keys(before)) if (!(key in after)) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    if (is_object(value) && is_object(before[key])) {
      const inner = merge_patch(before[key], value);
      if (Object.keys(inner).length) patch[key] = inner;
    } else if (JSON.stringify(value) !== JSON.stringify(before[key])) {
      patch[key] = value;
    }
  }
  return patch;
}

class Settings extends View {
  get heading() { return 'Settings'; }

  connectedCallback() {
    this.simple = h('div', {});
    this.text = h('textarea', {spellcheck: false, 'aria-label': 'All settings as JSON'});
    this.wrong = h('p', {class: 'bad', role: 'alert'});
    const save = (event) => { event.preventDefault(); this.#save_text(); };
    this.replaceChildren(
      h('section', {}, chooser('settings', this.parts[0], (connector) => { this.connector = connector; return this.refresh(); }), this.simple),
      h('section', {}, h('h2', {}, 'All of them, as JSON'), h('form', {onsubmit: save}, this.text, this.wrong, h('div', {class: 'actions'}, h('button', {class: 'primary'}, 'Apply what differs'),
        h('button', {type: 'button', onclick: () => this.refresh()}, 'Read again')))));
  }

  async refresh() {
    if (!this.connector) return;
    this.#show(await get(connector_path(this.connector)).catch((error) => {
      if (error.status === 404) notice('This connector does not exist yet: the first device or the first change makes it.', 'warn');
      throw error;
    }));
  }

  #show(settings) {
    this.settings = settings;
    this.text.value = JSON.stringify(settings, null, 2);
    this.wrong.textContent = '';
    const groups = Map.groupBy(fields, (one) => one.group);
    this.simple.replaceChildren(...[...groups].map(([group, rows]) =>
      h('fieldset', {}, h('legend', {}, group), h('div', {class: 'fields'}, rows.map((row) => this.#field(row, at(settings, row.path)))))));
  }

  #field(row, value) {
    const apply = async (shown) => {
      const done = await attempt(async () => this.#show(await call('PATCH', connector_path(this.connector), patch_of(row.path, shown))), `${row.path} is changed.`);
      if (!done) this.#show(this.settings);
    };
    if (typeof value === 'boolean') return field(row.path, h('input', {type: 'checkbox', checked: value, onchange: (event) => apply(event.target.checked)}), row.help);
    if (row.choices) return field(row.path, select(row.choices, value, {onchange: (event) => apply(event.target.value)}), row.help);
    return field(row.path, h('input', {value: value ?? '', onchange: (event) => apply(event.target.value)}), row.help);
  }

  async #save_text() {
    this.wrong.textContent = '';
    try {
      const patch = merge_patch(this.settings, JSON.parse(this.text.value));
      if (!Object.keys(patch).length) {
        notice('Nothing differs.');
        return;
      }
      this.#show(await call('PATCH', connector_path(this.connector), patch));
      notice('The settings are changed.');
    } catch (error) {
      this.wrong.textContent = error.message;
    }
  }
}
customElements.define('mu-settings', Settings);
