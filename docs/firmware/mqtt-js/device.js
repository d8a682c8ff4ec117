// A complete device with MQTT.js: node device.js [REPORTS]. It reports each 5 seconds, without end unless told.
'use strict';

const fs = require('fs');
const mqtt = require('mqtt');

const { MURANO_HOST: host, MURANO_PORT: port, MURANO_CA: ca, MURANO_TOKEN: token } = process.env;
const wanted = Number(process.argv[2] || Infinity);
let sent = 0;
let pause = 1000;

function report(client) {
  client.publish('$resource/data_in', String(20 + sent), { qos: 1 }, (error) => {
    if (error) return;
    sent += 1;
    if (sent >= wanted) client.end();
    else setTimeout(() => client.connected && report(client), 5000);
  });
}

function connect() {
  const client = mqtt.connect(`mqtts://${host}:${port}`, {
    ca: fs.readFileSync(ca),  // and the certificate must be for `host`, which is sent in SNI
    clientId: '',
    clean: true,
    username: '',
    password: token,
    keepalive: 60,
    reconnectPeriod: 0,       // its own reconnects come at a fixed second: we do it below, with backoff
  });
  client.on('connect', () => {
    pause = 1000;
    report(client);
  });
  client.on('message', (topic, payload) => console.log('cloud', topic, payload.toString()));
  client.on('error', (error) => {
    console.log(error.message);
    if (error.code === 4 || error.code === 5) process.exit(1);  // the credential is not known: provision again
    client.end(true);
  });
  client.on('close', () => {
    if (sent >= wanted) return;
    setTimeout(connect, Math.random() * pause);
    pause = Math.min(pause * 2, 120000);
  });
}

connect();
