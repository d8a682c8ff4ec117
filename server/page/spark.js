// A line that tells how often something happened, second by second, over the last minute.
import {s} from './dom.js';

export const seconds = 60;

export class Rates {
  #counts = new Map();  // name → counts by second

  add(name, now = Date.now()) {
    const counts = this.#of(name, now);
    counts.list[seconds - 1] += 1;
  }
  /** The counts, oldest first. */
  of(name, now = Date.now()) {
    return this.#counts.has(name) ? this.#of(name, now).list : null;
  }

  #of(name, now) {
    const second = Math.floor(now / 1000);
    let counts = this.#counts.get(name);
    if (!counts) this.#counts.set(name, (counts = {second, list: new Array(seconds).fill(0)}));
    const passed = Math.min(seconds, second - counts.second);
    if (passed > 0) {
      counts.list.splice(0, passed);
      counts.list.push(...new Array(passed).fill(0));
      counts.second = second;
    }
    return counts;
  }
}

const width = 120;
const height = 24;

export function spark(counts, label) {
  const most = Math.max(1, ...(counts ?? []));
  const points = (counts ?? []).map((count, i) => `${(i * width) / (seconds - 1)},${height - 2 - (count / most) * (height - 4)}`);
  const last = counts ? counts.slice(-6, -1).reduce((sum, one) => sum + one, 0) / 5 : 0;
  return s('svg', {class: 'spark', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${label}: ${last.toFixed(1)} a second`},
    s('polyline', {points: points.length ? points.join(' ') : `0,${height - 2} ${width},${height - 2}`}));
}
