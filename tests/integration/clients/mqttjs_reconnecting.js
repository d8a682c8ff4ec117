// A device with MQTT.js' own reconnects and its other defaults: it reports each second. Settings come from the environment
// of `murano-emulator verify`; PATIENCE_S is Keep Alive and connectTimeout instead of the library's own.
// For tests/integration/test_verify_libraries.py.
'use strict';

const fs = require('fs');
const mqtt = require('mqtt');

const { MURANO_HOST: host, MURANO_PORT: port, MURANO_CA: ca, MURANO_TOKEN: token, MURANO_IDENTITY: identity } = process.env;
const patience = Number(process.env.PATIENCE_S);
const client = mqtt.connect(`mqtts://${host}:${port}`, {
  ca: fs.readFileSync(ca), clientId: identity, username: '', password: token,
  ...(patience ? { keepalive: patience, connectTimeout: patience * 1000 } : {}),
});
let count = 0;
client.on('error', () => {});  // it goes on by itself
setInterval(() => {
  if (client.connected) client.publish('$resource/data_in', String(count += 1), { qos: 1 });
}, 1000);
