// Which connector a view is about; the choice stands in the address.
import {get, v1} from './api.js';
import {field, h} from './dom.js';

/** chosen(connector) is called as soon as it is known, and after each choice. */
export function chooser(view, wanted, chosen) {
  const choose = (connector) => {
    history.replaceState(null, '', `#/${view}/${encodeURIComponent(connector)}`);
    return Promise.resolve(chosen(connector)).catch(() => {});
  };
  const input = h('select', {onchange: () => choose(input.value)});
  get(`${v1}/connectors`).then(({default: standard, connectors}) => {
    const names = connectors.map((one) => one.connector);
    if (!names.includes(standard)) names.unshift(standard);
    const first = wanted ?? connectors.toSorted((a, b) => b.identities - a.identities)[0]?.connector ?? standard;
    if (!names.includes(first)) names.push(first);
    input.replaceChildren(...names.map((name) => h('option', {value: name, selected: name === first}, name)));
    return choose(first);
  }).catch(() => {});
  return field('Connector', input);
}
