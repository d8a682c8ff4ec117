// A suite as users of clients/js write it; run by test_client_helpers.py with Node's test runner. Its firmware is MQTT.js.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const { after, before, test } = require('node:test');
const mqtt = require('mqtt');
const { Emulator, VerdictFailed, WaitRanOut } = require('../../../clients/js/murano_emulator.js');

let emulator;
before(async () => { emulator = await Emulator.start(); });
after(() => emulator.stop());

function connect(murano, device, reconnectPeriod = 0) {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect({
      protocol: 'mqtts', host: murano.address, port: murano.port, servername: murano.host,
      ca: fs.readFileSync(murano.ca), clientId: '', username: '', password: device.token, reconnectPeriod,
    });
    client.on('connect', () => resolve(client));
    client.on('error', reject);
  });
}

test('a report arrives, and a value from the cloud too', async () => {
  const murano = await emulator.connector();
  const device = await murano.provisioned();
  const client = await connect(murano, device);
  const message = new Promise((resolve) => { client.on('message', (topic, payload) => resolve([topic, payload.toString()])); });
  client.publish('$resource/data_in', '21', { qos: 1 });
  await murano.waitFor('data_in', { identity: device.identity, alias: 'data_in', equals: '21' });
  assert.strictEqual((await murano.state(device.identity)).data_in.reported, '21');
  await murano.setState(device.identity, { config_io: '{"channels":{}}' });
  const [topic, payload] = await message;
  assert.match(topic, /^\$resource\/config_io\/\d+$/);
  assert.strictEqual(payload, '{"channels":{}}');
  client.end();
  await murano.check();
  await murano.remove();
});

test('what does not come is told with near misses', async () => {
  const murano = await emulator.connector();
  const device = await murano.provisioned();
  const client = await connect(murano, device);
  client.publish('$resource/data_in', '21', { qos: 1 });
  await murano.waitFor('data_in');
  await assert.rejects(murano.waitFor('data_in', { equals: '22', within: 0.05 }), (error) => {
    return error instanceof WaitRanOut && error.nearMisses.length > 0;
  });
  client.end();
});

test('a wait says that nobody came; the host of local is one to connect to', async () => {
  const murano = await emulator.connector();
  await assert.rejects(murano.waitFor('data_in', { within: 0.02 }), (error) => {
    assert.match(error.message, new RegExp(`No device has connected to ${murano.host} .*connector\\('local'\\)`));
    return error instanceof WaitRanOut;
  });
  const local = await emulator.connector('local');
  assert.strictEqual(local.host, 'localhost');
  const client = await connect(local, await local.provisioned());
  await assert.rejects(local.waitFor('data_in', { within: 0.02 }), (error) => !error.message.includes('No device'));
  client.end();
});

test('a broken rule fails the check, unless it is allowed', async () => {
  const murano = await emulator.connector();
  const client = await connect(murano, await murano.provisioned());
  client.publish('$resources/data_in', '21', { qos: 1 });
  await murano.waitFor('finding', { code: 'R46.misspelt_topic' });
  client.end();
  await assert.rejects(murano.waitFor('data_in', { within: 0.02 }), /the device broke rules of Murano:\n  R46\.misspelt_topic: /);
  await assert.rejects(murano.check(), /the device broke rules of Murano:\n  R46\.misspelt_topic: /);
  await murano.check({ allowed: ['R46'] });
  await murano.check({ allowed: ['R46.misspelt_topic'] });
  await assert.rejects(murano.check({ allowed: ['R46.unknown_topic'] }));
});

test('firmware is judged', async () => {
  const murano = await emulator.connector();
  const device = await murano.provisioned();
  const client = await connect(murano, device, 100); // comes back whenever it is cut off
  let topic = '$resource/data_in';
  const reports = setInterval(() => client.publish(topic, '21', { qos: 0 }), 100);
  const parameters = { look_s: 0, watch_s: 1, wait_s: 10 };
  let asked = 0;
  const suite = { suite: 'Own', checks: ['PUB-01', { id: 'OWN-1', steps: [{ hook: 'report' }, { wait: '100ms' }] }] };
  const run = await murano.verify(device.identity, { suite, parameters, hooks: { report: () => { asked += 1; } } });
  assert.deepStrictEqual(run.checks.map((check) => check.outcome), ['passed', 'passed']);
  assert.strictEqual(asked, 1);
  topic = '$resources/data_in';
  await assert.rejects(murano.verify(device.identity, { only: ['PUB-01'], watch_only: true, parameters }), (error) => {
    return error instanceof VerdictFailed && /the device failed\n  PUB-01 /.test(error.message);
  });
  clearInterval(reports);
  client.end();
  await murano.remove();
});

test('faults, the clock and reset', async () => {
  const murano = await emulator.connector();
  await murano.fault('withhold', { packet: 'PUBACK', times: 1 });
  await murano.advance('25h');
  await murano.realTime();
  await murano.reset();
  await murano.remove();
});
