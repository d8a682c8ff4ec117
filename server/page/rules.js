// What a rule says, by its number.
import {request} from './api.js';
import {h} from './dom.js';

let table = null;

async function load() {
  const response = await request('GET', '/_emulator/ui/rules.tsv');
  const text = response.ok ? await response.text() : '';
  return new Map(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const [id, status, sentence] = line.split('\t');
    return [id, {status, sentence}];
  }));
}

/** An element that shows the rule as soon as it is known. */
export function show_rule(id) {
  const place = h('p', {class: 'hint'}, `Rule ${id}`);
  table ??= load();
  table.then((rules) => {
    const rule = rules.get(id);
    if (rule) place.textContent = `Rule ${id} (${rule.status}): ${rule.sentence.replaceAll('`', '')}`;
  }).catch(() => (table = null));
  return place;
}
