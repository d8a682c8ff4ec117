// Questions to the person in front of the page: dialogs of the browser, so that keyboard and screen readers know them.
import {field, h} from './dom.js';

function open(dialog) {
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.showModal();
}

/** Whether to do what cannot be undone. `action`: the word on the button. */
export function confirmed(question, action) {
  return new Promise((resolve) => {
    const answer = (yes) => () => { resolve(yes); dialog.close(); };
    const dialog = h('dialog', {'aria-label': question}, h('p', {}, question),
      h('div', {class: 'actions'},
        h('button', {type: 'button', class: 'danger', onclick: answer(true)}, action),
        h('button', {type: 'button', autofocus: true, onclick: answer(false)}, 'Cancel')));
    dialog.addEventListener('cancel', () => resolve(false));
    open(dialog);
  });
}

/** The API token, which the tab keeps. */
export function ask_token(refused) {
  return new Promise((resolve) => {
    const input = h('input', {type: 'password', autocomplete: 'off', required: true, autofocus: true});
    const give = (event) => { event.preventDefault(); resolve(input.value.trim()); dialog.close(); };
    const dialog = h('dialog', {'aria-labelledby': 'token-title'},
      h('form', {onsubmit: give}, h('h2', {id: 'token-title'}, 'This server has an API token'),
        refused && h('p', {class: 'bad'}, 'The token was not accepted.'),
        field('Token', input, 'The value of --api-token. The tab keeps it until it is closed.'),
        h('div', {class: 'actions'}, h('button', {class: 'primary'}, 'Use it'))));
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    open(dialog);
  });
}

/** Says what went wrong, or that something was done, for a few seconds; an error stays until it is closed. */
export function notice(text, kind = 'good') {
  const close = () => box.remove();
  const box = h('div', {class: `notice ${kind}`}, h('span', {}, text),
    h('button', {type: 'button', class: 'quiet', 'aria-label': 'Close this message', onclick: close}, '×'));
  document.getElementById('notices').append(box);
  if (kind === 'good') setTimeout(close, 4000);
}

/** Does it and says so; an error becomes a notice. Gives whether it succeeded. */
export async function attempt(work, done = '') {
  try {
    await work();
    if (done) notice(done);
    return true;
  } catch (error) {
    notice(error.message, 'bad');
    return false;
  }
}
