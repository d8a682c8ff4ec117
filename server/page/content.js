// The content items of a connector: upload with its progress, download, delete.
import {call, download, get} from './api.js';
import {attempt, confirmed, notice} from './dialog.js';
import {bytes, field, foreign, h, table, visible} from './dom.js';
import {chooser} from './chooser.js';
import {View} from './view.js';

class Content extends View {
  get heading() { return 'Content'; }
  get stream() { return {last: 0, type: 'content_in'}; }
  on_events() { this.refresh().catch(() => {}); }

  connectedCallback() {
    this.list = h('div', {});
    this.file = h('input', {type: 'file', required: true, onchange: () => { this.name.value ||= this.file.files[0]?.name ?? ''; }});
    this.name = h('input', {required: true, autocomplete: 'off'});
    this.progress = h('progress', {max: 1, value: 0, hidden: true, 'aria-label': 'Upload'});
    const send = (event) => { event.preventDefault(); this.#upload(); };
    this.chooser = chooser('content', this.parts[0], (connector) => { this.connector = connector; return this.refresh(); });
    this.replaceChildren(
      h('section', {}, this.chooser, this.list),
      h('section', {}, h('h2', {}, 'Upload'), h('form', {onsubmit: send}, h('div', {class: 'fields'}, field('File', this.file), field('Id', this.name, 'as the device asks for it')),
        this.progress, h('button', {class: 'primary'}, 'Upload'))));
  }

  get #items() { return `/api:1/service/${encodeURIComponent(this.connector)}/content/item`; }

  async refresh() {
    if (!this.connector) return;
    const items = await get(`${this.#items}?full=true`);
    if (!this.isConnected) return;
    const row = (item) => {
      const path = `${this.#items}/${encodeURIComponent(item.id)}`;
      const save = () => attempt(async () => {
        const link = await get(`${path}/download`);
        await download(same_server(link.url), item.id.split('/').pop());
      });
      const remove = async () => {
        if (!await confirmed(`Delete ${visible(item.id, 80)}?`, 'Delete')) return;
        await attempt(async () => { await call('DELETE', path); await this.refresh(); }, 'Deleted.');
      };
      return [foreign(item.id, 120), visible(item.type ?? '', 80), bytes(item.length), visible(item.last_modified ?? '', 40),
        h('span', {class: 'actions'}, h('button', {type: 'button', class: 'quiet', 'aria-label': `Download ${visible(item.id, 80)}`, onclick: save}, 'Download'),
          h('button', {type: 'button', class: 'quiet danger', 'aria-label': `Delete ${visible(item.id, 80)}`, onclick: remove}, 'Delete'))];
    };
    this.list.replaceChildren(items.length ? table('Content items', ['Id', 'Type', 'Length', 'Changed', ''], items.map(row)) : h('p', {class: 'muted'}, 'There is no content item.'));
  }

  async #upload() {
    const file = this.file.files[0];
    const type = file.type || 'application/octet-stream';
    await attempt(async () => {
      const form = await get(`${this.#items}/${encodeURIComponent(this.name.value)}/upload?type=${encodeURIComponent(type)}`);
      const data = new FormData();
      for (const [name, value] of Object.entries(form.inputs)) data.append(name, value);
      data.append(form.field, file, this.name.value);
      await this.#send(form.method, same_server(form.url), data);
      notice(`${visible(this.name.value, 80)} is stored.`);
      this.file.value = this.name.value = '';
      await this.refresh();
    });
  }

  /** fetch cannot tell how much has left. */
  #send(method, url, data) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      request.setRequestHeader('X-Murano-Page', '1');
      request.upload.onprogress = (event) => { if (event.lengthComputable) this.progress.value = event.loaded / event.total; };
      request.onload = () => (request.status < 300 ? resolve() : reject(new Error(request.responseText.slice(0, 300))));
      request.onerror = () => reject(new Error('the upload was broken off'));
      request.onloadend = () => (this.progress.hidden = true);
      this.progress.hidden = false;
      request.send(data);
    });
  }
}

/** The link names the host that was asked, which may be written in another way than here. */
function same_server(url) {
  const link = new URL(url, location.href);
  return link.pathname + link.search;
}
customElements.define('mu-content', Content);
