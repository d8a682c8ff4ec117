// What all views share: a heading, the events they want, and being told what happens.

export class View extends HTMLElement {
  /** Set by the page: the parts of the address behind the view's name, and its query. */
  parts = [];
  params = new URLSearchParams();

  get heading() { return ''; }
  /** The filter of the events that it is told of; `last`: how many of the past are looked through. */
  get stream() { return {last: 0, type: 'finding'}; }
  on_events(_batch) {}
  /** Again from the server: at first, after it was away, and when something changed. */
  async refresh() {}
}

/** Calls `work` at most once in `ms`, the last time included. */
export function throttled(work, ms) {
  let timer = 0;
  let again = false;
  return function run() {
    if (timer) {
      again = true;
      return;
    }
    work();
    timer = setTimeout(() => {
      timer = 0;
      if (again) {
        again = false;
        run();
      }
    }, ms);
  };
}
