// A device with MQTT.js: HOST PORT CA TOKEN. Says what happens to it, one line each, for test_clients_under_faults.py.
'use strict';

const fs = require('fs');
const mqtt = require('mqtt');

const [host, port, ca, token] = process.argv.slice(2);

console.log(`version ${require('mqtt/package.json').version}`);
const client = mqtt.connect(`mqtts://${host}:${port}`, {
  ca: fs.readFileSync(ca), clientId: 'under-faults', clean: false, username: '', password: token,
  keepalive: 2, connectTimeout: 3000, reconnectPeriod: 500,
});
let published = false;
client.on('connect', () => {
  console.log('connected');
  if (published) return;
  published = true;
  client.publish('$resource/data_in', 'from mqtt.js', { qos: 1 }, () => console.log('published'));
});
client.on('close', () => console.log('lost'));
client.on('error', (error) => console.log(`failed ${error.code} ${error.message}`));
