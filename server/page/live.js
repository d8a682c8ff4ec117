// The journal as it grows, by fetch, because an EventSource cannot carry a token. Goes on from its cursor when the server
// was away, and tells when events were dropped meanwhile.
import {error_of, get, query_text, request, v1} from './api.js';

const first_wait_ms = 250;
const longest_wait_ms = 2000;
const hidden_tab_ms = 500;  // a tab that nobody sees has no frames

export class Live {
  #stopped = false;
  #reading = new AbortController();
  #awake = Promise.resolve();
  #wake = null;  // set while it sleeps
  #cursor = 0;
  #batch = [];
  #scheduled = false;
  #was_lost = false;
  #slept = false;

  /** on_events(batch): once a frame at most. on_state('live' | 'lost' | 'refused', text). on_back({lost, anew,
   * missing}): after the server was away (lost), or after a sleep; anew: it began with an empty journal. */
  constructor({query, on_events, on_state, on_back}) {
    Object.assign(this, {query, on_events, on_state, on_back});
  }

  async start() {
    let wait = first_wait_ms;
    while (!this.#stopped) {
      await this.#awake;
      try {
        await this.#read(() => (wait = first_wait_ms));
        this.on_state('lost');
      } catch (error) {
        if (this.#stopped) return;
        if (this.#wake) continue;
        if (error.status) this.on_state('refused', error.message);
        else this.on_state('lost');
      }
      this.#was_lost = true;
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, longest_wait_ms);
    }
  }

  stop() {
    this.#stopped = true;
    this.#reading.abort();
    this.wake();
  }

  /** Holds no connection until wake(). */
  sleep() {
    if (this.#wake) return;
    this.#awake = new Promise((resolve) => (this.#wake = resolve));
    this.#slept = true;
    this.#reading.abort();
  }

  wake() {
    this.#wake?.();
    this.#wake = null;
  }

  async #read(answered) {
    this.#reading = new AbortController();
    const back = this.#was_lost || this.#slept ? await this.#look_again() : null;
    const query = this.#cursor ? {...this.query, last: undefined, after: this.#cursor} : this.query;
    const response = await request('GET', `${v1}/events?${query_text(query)}`,
      {headers: {Accept: 'text/event-stream'}, signal: this.#reading.signal, cache: 'no-store'});
    if (!response.ok) throw await error_of(response);
    answered();
    this.#was_lost = this.#slept = false;
    this.on_state('live');
    if (back) this.on_back(back);
    await this.#take(response.body.pipeThrough(new TextDecoderStream()).getReader());
  }

  /** Cursors never go back, but in a journal that was made anew. */
  async #look_again() {
    const {next, dropped} = await get(`${v1}/events?last=0`);
    const anew = next < this.#cursor;
    const missing = anew ? 0 : Math.max(0, dropped - this.#cursor);
    if (anew) this.#cursor = 0;
    return {lost: this.#was_lost, anew, missing};
  }

  async #take(reader) {
    let text = '';
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      text += value;
      let end;
      let from = 0;
      while ((end = text.indexOf('\n\n', from)) >= 0) {
        this.#event(text.slice(from, end));
        from = end + 2;
      }
      text = text.slice(from);
    }
  }

  #event(block) {
    const at = block.indexOf('data: ');
    if (at < 0) return;  // a comment: the server shows that it is there
    const event = JSON.parse(block.slice(at + 6));
    this.#cursor = event.cursor;
    this.#batch.push(event);
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = () => this.#flush();
    document.hidden ? setTimeout(flush, hidden_tab_ms) : requestAnimationFrame(flush);
  }

  #flush() {
    this.#scheduled = false;
    if (!this.#stopped) this.on_events(this.#batch.splice(0));
  }
}
