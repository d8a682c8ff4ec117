// A report of the server in a frame in which nothing runs: no script, no form, no link that leads the page away.
import {error_of, request} from './api.js';
import {h} from './dom.js';

/** Fetched, since a frame's address cannot carry the token. The page's policy takes no style from markup, so the report's own
 * becomes a style sheet of the frame. */
export async function report_frame(path, title) {
  const response = await request('GET', path, {headers: {Accept: 'text/html'}});
  if (!response.ok) throw await error_of(response);
  const [head, style, rest] = (await response.text()).split(/<\/?style>/);
  const report = new DOMParser().parseFromString(head + rest, 'text/html');
  const frame = h('iframe', {class: 'report', sandbox: 'allow-same-origin', srcdoc: '', title});
  frame.addEventListener('load', () => {
    const inside = frame.contentDocument;
    const sheet = new frame.contentWindow.CSSStyleSheet();
    sheet.replaceSync(style);
    inside.adoptedStyleSheets = [sheet];
    inside.documentElement.lang = report.documentElement.lang;
    inside.title = report.title;
    inside.body.replaceChildren(...[...report.body.children].map((element) => inside.importNode(element, true)));
  });
  return frame;
}
