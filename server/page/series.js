// Numbers over time, out of values: those of numeric resources, and numbers inside of JSON (data_in/001).

const most_points = 20_000;  // of a series; the oldest go first
const deepest = 4;

/** {name: number} of one value. */
export function numbers_of(alias, value) {
  const found = {};
  const take = (path, one, depth) => {
    if (typeof one === 'number' && Number.isFinite(one)) found[path] = one;
    else if (one && typeof one === 'object' && depth < deepest) {
      for (const [key, inner] of Object.entries(one).slice(0, 50)) take(`${path}/${key}`, inner, depth + 1);
    }
  };
  let parsed = value;
  if (typeof value === 'string') {
    if (value.length > 100_000 || !/^\s*[[{\-\d]/.test(value)) return found;
    try {
      parsed = JSON.parse(value);
    } catch {
      return found;
    }
  }
  take(alias, parsed, 0);
  return found;
}

export class Series {
  all = new Map();  // name → [[µs, number], …] by time

  add(alias, value, timestamp) {
    for (const [name, number] of Object.entries(numbers_of(alias, value))) {
      if (!this.all.has(name)) this.all.set(name, []);
      const points = this.all.get(name);
      let at = points.length;
      while (at > 0 && points[at - 1][0] > timestamp) --at;
      if (at > 0 && points[at - 1][0] === timestamp) points[at - 1][1] = number;  // history and event of one report
      else points.splice(at, 0, [timestamp, number]);
      if (points.length > most_points) points.shift();
    }
  }
}
