// Tests of device firmware against murano-emulator, for any test runner of Node (18 or newer). No dependency.
//
//     const { Emulator } = require('murano-emulator');
//     const emulator = await Emulator.start();                 // once, for all tests; await emulator.stop() at the end
//     const murano = await emulator.connector();               // for each test: a connector that no other test uses
//     const device = await murano.provisioned();
//     startMyFirmware({ host: murano.host, port: murano.port, ca: murano.ca, token: device.token });
//     await murano.waitFor('data_in', { alias: 'temperature', jsonpath: '>20' });
//     await murano.check();                                     // fails if the device broke a rule of Murano
'use strict';

const { spawn } = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { setTimeout: sleep } = require('timers/promises');

const START_MS = 30000;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

class EmulatorError extends Error {}

// The awaited event did not happen; `nearMisses` are similar events, each with a reason.
class WaitRanOut extends Error {
  constructor(message, nearMisses) {
    super([message, ...nearMisses.map((miss) => `  ${miss.why}: ${JSON.stringify(miss.event)}`)].join('\n'));
    this.nearMisses = nearMisses;
  }
}

// The firmware failed the verdict; `run` is the whole run with its checks.
class VerdictFailed extends Error {
  constructor(message, run) {
    const wrong = run.checks.filter((check) => check.outcome === 'failed');
    super([message, ...wrong.map((one) => `  ${one.id} ${one.title}: ${one.message} ${one.hint || ''}`.trimEnd())].join('\n'));
    this.run = run;
  }
}

// Tests must not use the developer's own settings of the emulator.
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MURANO_EMULATOR')));
}

class Emulator {
  constructor(ready, child = null, folder = null) {
    this.url = ready.api;
    this.ca = ready.ca;
    this.domain = ready.domain;
    const place = ready.mqtts[0];
    this.address = place.slice(0, place.lastIndexOf(':')).replace('0.0.0.0', '127.0.0.1');
    this.port = Number(place.slice(place.lastIndexOf(':') + 1));
    this.child = child;
    this.folder = folder;
  }

  // The server of MURANO_EMULATOR_READY_FILE (set by exec), else its own on free ports.
  static async start({ binary = process.env.MURANO_EMULATOR || 'murano-emulator', flags = [] } = {}) {
    const known = process.env.MURANO_EMULATOR_READY_FILE;
    if (known) return new Emulator(JSON.parse(fs.readFileSync(known, 'utf8')));
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'murano-'));
    const file = path.join(folder, 'ready.json');
    const log = fs.openSync(path.join(folder, 'log'), 'w');
    const own = ['serve', '--ephemeral', '--api', '127.0.0.1:0', '--mqtts', '127.0.0.1:0', '--ready-file', file];
    const child = spawn(binary, [...own, ...flags], { stdio: ['ignore', log, log], env: cleanEnvironment() });
    let failure = null;
    child.on('error', (error) => { failure = error; });
    child.on('exit', (code) => { failure = failure || new Error(`it ended with ${code}`); });
    for (const end = Date.now() + START_MS; !fs.existsSync(file); await sleep(10)) {
      if (failure || Date.now() > end) {
        child.kill('SIGKILL');
        throw new EmulatorError(`${binary} did not start: ${failure || 'no answer'}\n${fs.readFileSync(path.join(folder, 'log'))}`);
      }
    }
    return new Emulator(JSON.parse(fs.readFileSync(file, 'utf8')), child, folder);
  }

  async stop() {
    if (!this.child) return;
    const ended = new Promise((resolve) => { this.child.once('exit', resolve); });
    this.child.kill('SIGTERM');
    await ended;
    fs.rmSync(this.folder, { recursive: true });
  }

  async request(method, target, body) {
    const options = { method, headers: {} };
    if (body !== undefined) {
      options.body = JSON.stringify(body);
      options.headers['Content-Type'] = 'application/json';
    }
    const answer = await fetch(this.url + target, options);
    return { status: answer.status, text: await answer.text() };
  }

  async call(method, target, body) {
    const { status, text } = await this.request(method, target, body);
    if (status < 200 || status > 299) throw new EmulatorError(`${method} ${target}: ${status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  // A connector with that id (for firmware with a compiled-in host name), else one that no other test uses.
  async connector(name = `test-${crypto.randomBytes(8).toString('hex')}`) {
    await this.call('PATCH', `/_emulator/v1/connectors/${name}`, {});
    const { next } = await this.call('POST', '/_emulator/v1/wait', { match: {}, count: { exactly: 0 }, within_ms: 0 });
    return new Connector(this, name, next);
  }
}

class Connector {
  constructor(emulator, id, start) {
    this.emulator = emulator;
    this.id = id;
    this.start = start; // cursor: older events are not ours
    this.address = emulator.address;
    // What a device says in SNI. It resolves to nothing: connect to `address`. That of 'local' on this machine is localhost,
    // for firmware that connects to the host whose name it says.
    this.host = id === 'local' && LOOPBACK.includes(this.address) ? 'localhost' : `${id}.${emulator.domain}`;
    this.port = emulator.port;
    this.ca = emulator.ca;
    this.faults = [];
  }

  #identity(identity) {
    return `/api:1/service/${this.id}/device2/identity/${encodeURIComponent(identity)}`;
  }

  async provisioned(identity = crypto.randomBytes(6).toString('hex')) {
    const token = crypto.randomBytes(20).toString('hex');
    await this.emulator.call('PUT', this.#identity(identity), { auth: { type: 'token', key: token } });
    return { identity, token };
  }

  state(identity) {
    return this.emulator.call('GET', `${this.#identity(identity)}/state`);
  }

  setState(identity, values) {
    return this.emulator.call('PATCH', `${this.#identity(identity)}/state`, values);
  }

  // match: identity, topic, alias, rule, equals, contains, regex, jsonpath. Resolves to the events as soon as they happen.
  async waitFor(type, { within = 10, count, since = this.start, ...match } = {}) {
    const body = { match: { connector: this.id, type, ...match }, within_ms: within * 1000, since };
    if (count !== undefined) body.count = count;
    const { status, text } = await this.emulator.request('POST', '/_emulator/v1/wait', body);
    const answer = JSON.parse(text);
    if (status === 408) {
      const why = [await this.#nobodyCame(), ...(await this.#brokenRules([]))];
      throw new WaitRanOut([answer.error.message, ...why].filter(Boolean).join('\n'), answer.near_misses);
    }
    if (status !== 200) throw new EmulatorError(answer.error.message);
    return answer.events;
  }

  // Where no device has connected since the test began, a line that says so: the commonest reason of all.
  async #nobodyCame() {
    const came = `/_emulator/v1/events?connector=${this.id}&type=connect&limit=1&after=${this.start}`;
    if ((await this.emulator.call('GET', came)).events.length) return '';
    const told = `No device has connected to ${this.host} (port ${this.port}) in this test`;
    if (this.host === 'localhost') return `${told}.`;
    return `${told}. That name is for SNI, and leads nowhere by itself: the device must connect to ${this.address}. `
      + "Where it knows one name for both, take emulator.connector('local').";
  }

  async fault(kind, keys = {}) {
    const body = { kind, connector: this.id, ...keys };
    const { fault_name: name } = await this.emulator.call('POST', '/_emulator/v1/faults', body);
    this.faults.push(name);
    return name;
  }

  // Judges the firmware of a running device. suite: 'quick', 'full', or a suite file's content; also only, skip, watch_only,
  // parameters. hooks: { power_cycle: async () => {} }, called when a check requests it. Resolves to the run, or rejects
  // with VerdictFailed.
  async verify(identity, { suite = 'quick', hooks = {}, within = 3600, ...more } = {}) {
    const body = { connector: this.id, identity, suite, hooks: Object.keys(hooks), ...more };
    const { id } = await this.emulator.call('POST', '/_emulator/v1/runs', body);
    const path = `/_emulator/v1/runs/${id}`;
    let run;
    try {
      run = await this.#followed(path, hooks, Date.now() + within * 1000);
    } catch (error) {
      await this.emulator.request('DELETE', path); // the device is as before
      throw error;
    }
    if (run.state === 'aborted') throw new VerdictFailed(`the run was aborted: ${run.aborted_because}`, run);
    if (run.connected === false) throw new VerdictFailed(`the device never connected: ${run.seen_instead}`, run);
    if (run.outcome === 'failed') throw new VerdictFailed('the device failed', run);
    if (run.outcome === 'not_run') throw new VerdictFailed('nothing was judged', run);
    return run;
  }

  async #followed(path, hooks, end) {
    for (;;) {
      const run = await this.emulator.call('GET', path);
      if (run.state === 'done' || run.state === 'aborted') return run;
      for (const name of run.hooks_asked || []) {
        await hooks[name]();
        await this.emulator.call('POST', `${path}/hooks/${name}`, { done: true });
      }
      if (Date.now() > end) throw new WaitRanOut('the run is not over', []);
      await sleep(100);
    }
  }

  advance(by) {
    return this.emulator.call('POST', `/_emulator/v1/clock/advance?connector=${this.id}`, { by });
  }

  realTime() {
    return this.emulator.call('DELETE', `/_emulator/v1/clock?connector=${this.id}`);
  }

  reset() {
    return this.emulator.call('POST', `/_emulator/v1/reset?connector=${this.id}`);
  }

  report() {
    return this.emulator.call('GET', `/_emulator/v1/report?format=json&connector=${this.id}&since=${this.start}`);
  }

  // Fails if devices of this connector broke rules of Murano, except `allowed` rules and codes.
  async check({ allowed = [] } = {}) {
    const lines = await this.#brokenRules(allowed);
    if (lines.length) throw new EmulatorError(lines.join('\n'));
  }

  // A heading, and a line for each rule that was broken; nothing where none was.
  async #brokenRules(allowed) {
    const { findings } = await this.report();
    const isAllowed = (one) => allowed.includes(one.rule) || allowed.includes(one.code);
    const wrong = findings.filter((one) => one.severity === 'violation' && !isAllowed(one));
    const lines = wrong.map((one) => `  ${one.code || one.rule}: ${one.message} ${one.hint || ''}`);
    return lines.length ? ['the device broke rules of Murano:', ...lines] : [];
  }

  async remove() {
    for (const name of this.faults) await this.emulator.request('DELETE', `/_emulator/v1/faults/${name}`);
    await this.emulator.request('DELETE', `/_emulator/v1/connectors/${this.id}`);
  }
}

module.exports = { Emulator, Connector, EmulatorError, VerdictFailed, WaitRanOut };
