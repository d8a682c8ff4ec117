// Named copies of the whole state, and the reset.
import {call, download, error_of, get, request, v1} from './api.js';
import {attempt, confirmed} from './dialog.js';
import {bytes, field, foreign, h, table, time, visible} from './dom.js';
import {View} from './view.js';

class Snapshots extends View {
  get heading() { return 'Snapshots'; }

  connectedCallback() {
    this.list = h('div', {});
    this.name = h('input', {required: true, autocomplete: 'off', placeholder: 'before-the-test'});
    this.file = h('input', {type: 'file', required: true});
    const submit = (work) => (event) => { event.preventDefault(); work(); };
    this.replaceChildren(
      h('section', {}, h('h2', {}, 'Kept'), this.list,
        h('form', {onsubmit: submit(() => this.#save())}, field('Name', this.name, 'Identities, values, sessions, content, events, settings and clock are saved.'), h('button', {class: 'primary'}, 'Save now'))),
      h('section', {}, h('h2', {}, 'From a file'), h('form', {onsubmit: submit(() => this.#take_in())}, field('A snapshot that another server exported', this.file), h('button', {}, 'Take it in'))),
      h('section', {}, h('h2', {}, 'Reset'), h('p', {}, 'Back to the state of the settings file: devices, values, sessions, content, events, faults and the clock.'),
        h('button', {type: 'button', class: 'danger', onclick: () => this.#reset()}, 'Reset everything')));
  }

  async refresh() {
    const {snapshots} = await get(`${v1}/snapshots`);
    if (!this.isConnected) return;
    this.list.replaceChildren(snapshots.length ? table('Snapshots', ['Name', 'Size', 'Saved', ''], snapshots.map((one) => this.#row(one))) : h('p', {class: 'muted'}, 'There is no snapshot.'));
  }

  #row(one) {
    const path = `${v1}/snapshots/${encodeURIComponent(one.name)}`;
    const load = async () => {
      if (!await confirmed(`Load ${visible(one.name, 80)}? It replaces everything that the server keeps, and closes the connections of all devices.`, 'Load')) return;
      await this.#do(() => call('POST', `${path}/load`), 'Loaded.');
    };
    const remove = async () => {
      if (await confirmed(`Delete the snapshot ${visible(one.name, 80)}?`, 'Delete')) await this.#do(() => call('DELETE', path), 'Deleted.');
    };
    const button = (text, work, kind = '') => h('button', {type: 'button', class: `quiet ${kind}`, 'aria-label': `${text} ${visible(one.name, 80)}`, onclick: work}, text);
    return [foreign(one.name, 80), bytes(one.bytes), time(one.saved_us, {date: true}),
      h('span', {class: 'actions'}, button('Load', load), button('Export', () => attempt(() => download(`${path}/file`, `${one.name}.snapshot`))), button('Delete', remove, 'danger'))];
  }

  #do(work, done) {
    return attempt(async () => { await work(); await this.refresh(); }, done);
  }

  #save() {
    return this.#do(async () => {
      await call('POST', `${v1}/snapshots/${encodeURIComponent(this.name.value.trim())}`);
      this.name.value = '';
    }, 'Saved.');
  }

  #take_in() {
    return this.#do(async () => {
      const file = this.file.files[0];
      const name = file.name.replace(/\.[^.]*$/, '');
      const response = await request('PUT', `${v1}/snapshots/${encodeURIComponent(name)}/file`, {body: file, headers: {'Content-Type': 'application/octet-stream'}});
      if (!response.ok) throw await error_of(response);
      this.file.value = '';
    }, 'It was checked and is kept; load it when you want it.');
  }

  async #reset() {
    if (await confirmed('Reset everything? What devices and tests left here is gone.', 'Reset')) await this.#do(() => call('POST', `${v1}/reset`), 'Everything is as the settings file says.');
  }
}
customElements.define('mu-snapshots', Snapshots);
