// The page: which view the address names, the stream of events behind it, and whether the server is there.
import {get, made_calls, on_call, v1} from './api.js';
import {notice} from './dialog.js';
import {copyable, h, plural} from './dom.js';
import {Live} from './live.js';
import './clock.js';
import './connection.js';
import './content.js';
import './device.js';
import './faults.js';
import './overview.js';
import './settings.js';
import './snapshots.js';
import './timeline.js';
import './verdict.js';

const views = [
  {name: '', title: 'Overview', element: 'mu-overview'},
  {name: 'timeline', title: 'Timeline', element: 'mu-timeline'},
  {name: 'faults', title: 'Faults', element: 'mu-faults'},
  {name: 'verdict', title: 'Verdict', element: 'mu-verdict', needs: `${v1}/checks`},
  {name: 'clock', title: 'Clock', element: 'mu-clock'},
  {name: 'content', title: 'Content', element: 'mu-content'},
  {name: 'settings', title: 'Settings', element: 'mu-settings'},
  {name: 'snapshots', title: 'Snapshots', element: 'mu-snapshots'},
  {name: 'device', element: 'mu-device', under: ''},
  {name: 'connection', element: 'mu-connection', under: 'timeline'},
];

const main = document.getElementById('main');
const state = document.getElementById('state');
const hidden_ms = 10_000;
let live = null;
let current = null;
let first = true;

function address() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...parts] = path.split('/').map(decode);
  return {name, parts, params: new URLSearchParams(query ?? '')};
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function show_links(active) {
  const links = [];
  for (const view of views) {
    if (!view.title) continue;
    if (view.needs && !(view.there ??= await get(view.needs).then(() => true, () => false))) {
      view.there = undefined;  // asked again, after a restart say
      continue;
    }
    links.push(h('a', {href: `#/${view.name}`, 'aria-current': view.name === active ? 'page' : null}, view.title));
  }
  document.querySelector('nav').replaceChildren(...links);
}

function tell(kind, text) {
  state.className = `state ${kind}`;
  const said = kind === 'live' ? 'Live' : kind === 'lost' ? 'The server is not answering; trying again' : `Refused: ${text}`;
  if (state.textContent !== said) state.textContent = said;
}

function came_back(view, {lost, anew, missing}) {
  if (!lost && missing) notice(`${plural(missing, 'event')} came and left the journal while nobody looked.`, 'warn');
  else if (!lost) { /* this tab was not looked at: nothing to tell */ }
  else if (anew) notice('The server is back, with a new journal.');
  else if (missing) notice(`The server is back; ${plural(missing, 'event')} came and went meanwhile.`, 'warn');
  else notice('The server is back.');
  if (anew) view.on_anew?.();
  refresh(view);
}

export function refresh(view) {
  return view.refresh().catch((error) => {
    if (error.status) notice(error.message, 'bad');
  });
}

function open() {
  const at = address();
  const known = views.find((view) => view.name === at.name) ?? views[0];
  live?.stop();
  const view = document.createElement(known.element);
  Object.assign(view, {parts: at.parts, params: at.params});
  current = view;
  const heading = h('h1', {tabindex: '-1'}, view.heading);
  main.replaceChildren(heading, view);
  document.title = `${view.heading} · murano-emulator`;
  if (!first) heading.focus();
  first = false;
  show_links(known.under ?? known.name);
  live = new Live({
    query: view.stream,
    on_events: (batch) => view.on_events(batch),
    on_state: tell,
    on_back: (back) => came_back(view, back),
  });
  refresh(view);
  live.start();
}

function show_calls() {
  const list = h('div', {});
  const box = h('details', {}, h('summary', {}, 'The calls of this page, as curl lines'), list);
  on_call(() => list.replaceChildren(...made_calls.toReversed().map((line, i) => copyable(line, `call ${i + 1}`))));
  list.append(h('p', {}, 'Calls that change something are listed here.'));
  document.querySelector('footer').append(box,
    h('p', {}, h('a', {href: '/_emulator/v1/openapi.json'}, 'All calls (OpenAPI)')));
}

window.addEventListener('hashchange', () => {
  // A view may have put its own filter there.
  if (current?.took_address?.(address())) return;
  open();
});
// A browser opens six connections to one server, for all of its tabs together: a tab that nobody sees holds none for long.
let hidden_for = 0;
document.addEventListener('visibilitychange', () => {
  clearTimeout(hidden_for);
  if (document.hidden) hidden_for = setTimeout(() => live.sleep(), hidden_ms);
  else live.wake();
});
window.addEventListener('pagehide', () => live.sleep());
window.addEventListener('pageshow', () => live.wake());

// The address is the view's: this link must not change it.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
show_calls();
open();
