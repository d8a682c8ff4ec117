// The settings that have a field of their own, and what they mean; the others stand in the JSON below the fields.
const quirk = (name, choices, help) => ({group: 'Quirks: where a rule has two readings', path: `quirks.${name}`, choices, help});

export const fields = [
  {group: 'Connector', path: 'name', help: 'Free text, only shown.'},
  {group: 'Connector', path: 'description', help: 'Free text.'},
  {group: 'Connector', path: 'protocol.devmode', help: 'The ports without TLS serve it.'},
  {group: 'Connector', path: 'protocol.tls.policy', choices: ['TLSv1.2', 'TLSv1.0', 'custom'], help: 'TLSv1.0 is for legacy devices; custom needs min_version and ciphers.'},
  {group: 'Connector', path: 'journal.packets', help: 'Each packet becomes an event: for the sequence charts.'},
  {group: 'Provisioning', path: 'provisioning.enabled', help: 'Devices may ask for a credential.'},
  {group: 'Provisioning', path: 'provisioning.auth_type', choices: ['token', 'password', 'certificate'], help: 'What new devices log in with.'},
  {group: 'Provisioning', path: 'provisioning.presenter_identity', help: 'Off: only identities that exist may provision.'},
  {group: 'Provisioning', path: 'provisioning.ip_whitelisting.enabled', help: 'Only from the allowed addresses.'},
  {group: 'Identities', path: 'identity_format.type', choices: ['opaque', 'base10', 'base16', 'mac:48', 'mac-48', 'mac.48', 'uuidv4'], help: 'What an identity looks like.'},
  {group: 'Identities', path: 'identity_format.prefix', help: 'What every identity begins with.'},
  {group: 'Identities', path: 'identity_format.options.casing', choices: ['mixed', 'lower', 'upper'], help: 'Of its letters.'},
  quirk('will', ['process', 'ignore'], 'The Will message of a device that is lost.'),
  quirk('client_id', ['any', 'documented'], 'documented: another client id than the documented one gets CONNACK 2.'),
  quirk('unentitled_publish', ['drop', 'disconnect'], 'A message to a topic that the device may not write.'),
  quirk('invalid_value', ['ignore', 'disconnect'], 'A value that does not fit its format.'),
  quirk('password_reply', ['none', 'empty'], 'The answer to a device that chose its own password.'),
  quirk('provision_refusal', ['silent', 'disconnect'], 'What a refused request to provision gets.'),
  quirk('patch_resources', ['replace', 'merge'], "What Murano's own PATCH does with resources."),
];
