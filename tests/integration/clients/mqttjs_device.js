// A device with MQTT.js: HOST PORT CA IDENTITY. Says what it gets, one line each, for tests/integration/test_clients.py.
'use strict';

const fs = require('fs');
const mqtt = require('mqtt');

const [host, port, ca, identity] = process.argv.slice(2);

function dial(credentials) {
  return mqtt.connect(`mqtts://${host}:${port}`, {
    ca: fs.readFileSync(ca), clientId: '', clean: true, reconnectPeriod: 0, ...credentials,
  });
}

function die(error) {
  console.log(`error ${error.message}`);
  process.exit(1);
}

function work(token) {
  const client = dial({ username: '', password: token });
  client.on('error', die);
  client.on('connect', () => {
    client.publish('$resource/data_in', 'from mqtt.js', { qos: 1 }, (error) => {
      if (error) die(error);
      console.log('published');
    });
  });
  client.on('message', (topic, payload) => {
    if (topic === '$content') {
      console.log(`content ${payload}`);
      client.end();
    } else {
      console.log(`cloud ${topic.split('/')[1]} ${payload}`);
      client.publish('$content', '');
    }
  });
}

const anonymous = dial({});
anonymous.on('error', die);
anonymous.on('connect', () => anonymous.publish(`$provision/${identity}`, '', { qos: 1 }));
anonymous.on('message', (topic, payload) => {
  console.log(`token ${payload}`);
  anonymous.end(false, {}, () => work(payload.toString()));
});
