// A suite as users of clients/js write it; run by test_client_helpers.py with Node's test runner. Its firmware is MQTT.js.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const { after, before, test } = require('node:test');
const mqtt = require('mqtt');
const { Emulator, WaitRanOut } = require('../../../clients/js/murano_emulator.js');

let emulator;
before(async () => { emulator = await Emulator.start(); });
after(() => emulator.stop());

function connect(murano, device) {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect({
      protocol: 'mqtts', host: murano.address, port: murano.port, servername: murano.host,
      ca: fs.readFileSync(murano.ca), clientId: '', username: '', password: device.token, reconnectPeriod: 0,
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

test('a broken rule fails the check, unless it is allowed', async () => {
  const murano = await emulator.connector();
  const client = await connect(murano, await murano.provisioned());
  client.publish('$resources/data_in', '21', { qos: 1 });
  await murano.waitFor('finding', { code: 'R46.misspelt_topic' });
  client.end();
  await assert.rejects(murano.check(), /the device broke rules of Murano:\n  R46\.misspelt_topic: /);
  await murano.check({ allowed: ['R46'] });
  await murano.check({ allowed: ['R46.misspelt_topic'] });
  await assert.rejects(murano.check({ allowed: ['R46.unknown_topic'] }));
});

test('faults, the clock and reset', async () => {
  const murano = await emulator.connector();
  await murano.fault('withhold', { packet: 'PUBACK', times: 1 });
  await murano.advance('25h');
  await murano.realTime();
  await murano.reset();
  await murano.remove();
});
