// An event in one line, and whole.
import {badge, foreign, h, time, visible} from './dom.js';

export const types = ['connect', 'disconnect', 'provisioned', 'data_in', 'data_out', 'publish', 'content_in', 'deleted',
  'expired', 'finding', 'packet', 'fault', 'verdict'];

const shown_text = 300;

const value_text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

function values_text(reports) {
  const values = reports.flatMap((report) => Object.entries(report.values));
  return values.map(([alias, value]) => `${alias} = ${value_text(value)}`).join(', ');
}

function packet_text(packet) {
  const more = [];
  if (packet.topic !== undefined) more.push(packet.topic);
  if (packet.id !== undefined) more.push(`id ${packet.id}`);
  if (packet.qos) more.push(`QoS ${packet.qos}`);
  if (packet.return_code !== undefined) more.push(`code ${packet.return_code}`);
  if (packet.payload) more.push(value_text(packet.payload));
  return `${packet.direction === 'in' ? 'from' : 'to'} the device: ${packet.type} ${more.join(' · ')}`;
}

/** What happened, as plain text. */
export function summary(event) {
  const payload = event.payload ?? {};
  switch (event.type) {
    case 'connect': return `connected from ${event.ip}`;
    case 'disconnect': return `ended by ${event.closed_by}: ${event.reason}`;
    case 'provisioned': return 'was provisioned';
    case 'data_in':
    case 'data_out': return Array.isArray(payload) ? values_text(payload) : '';
    case 'publish': return `${payload.topic} ${value_text(payload.payload ?? '')}`;
    case 'content_in': return `${payload.id}, ${payload.length} bytes`;
    case 'finding': return event.message;
    case 'packet': return packet_text(payload);
    case 'fault': return `${payload.kind} (${payload.name}), hit ${payload.hit}: ${payload.detail}`;
    default: return event.message ?? (event.payload ? JSON.stringify(event.payload) : event.type);
  }
}

/** The word for its kind; a finding by its severity and rule. */
export function type_badge(event) {
  if (event.type === 'finding') return badge(event.severity, `${event.severity} ${event.rule}`);
  return badge(`type-${event.type}`, event.type);
}

export const device_link = (connector, identity, most = 40) =>
  h('a', {href: `#/device/${encodeURIComponent(connector)}/${encodeURIComponent(identity)}`}, foreign(identity, most));

export function who(event) {
  if (event.connector && event.identity) return device_link(event.connector, event.identity);
  return h('span', {class: 'muted'}, event.claimed_identity ? visible(event.claimed_identity, 40) : event.connector ?? '—');
}

/** The line of the timeline. */
export function event_row(event) {
  return [
    h('span', {class: 'when', title: new Date(event.timestamp / 1000).toISOString()}, time(event.timestamp, {ms: true})),
    type_badge(event),
    h('span', {class: 'who'}, who(event)),
    h('span', {class: 'what'}, visible(summary(event), shown_text)),
  ];
}

/** The hex of a packet, sixteen bytes a line with their text. */
export function hex_dump(hex, most = 4096) {
  const lines = [];
  for (let at = 0; at < Math.min(hex.length, most * 2); at += 32) {
    const octets = hex.slice(at, at + 32).match(/../g) ?? [];
    const text = octets.map((octet) => {
      const code = parseInt(octet, 16);
      return code > 31 && code < 127 ? String.fromCharCode(code) : '.';
    });
    lines.push(`${(at / 2).toString(16).padStart(4, '0')}  ${octets.join(' ').padEnd(47)}  ${text.join('')}`);
  }
  if (hex.length > most * 2) lines.push(`… ${hex.length / 2} bytes`);
  return lines.join('\n');
}

/** Every field of an event; `cause`: the packet of a finding, where it was journalled. */
export function event_detail(event, cause = null) {
  const raw = event.type === 'packet' ? event.payload.raw : null;
  const shown = raw === null ? event : {...event, payload: {...event.payload, raw: undefined}};
  return h('div', {class: 'detail'},
    event.type === 'finding' && h('p', {class: 'message'}, type_badge(event), ' ', visible(event.message)),
    event.hint && h('p', {class: 'hint'}, visible(event.hint)),
    event.type === 'finding' && h('p', {},
      h('a', {href: `#/timeline?type=finding&rule=${encodeURIComponent(event.code ?? event.rule)}`},
        `All findings of ${event.code ?? event.rule}`)),
    cause && h('section', {}, h('h3', {}, 'The packet'), event_detail(cause)),
    event.connection_id && event.connector && h('p', {},
      h('a', {href: `#/connection/${event.connector}/${event.connection_id}?near=${event.cursor}`}, 'Sequence chart of the connection')),
    h('pre', {tabindex: '0', 'aria-label': 'The event'}, visible(JSON.stringify(shown, null, 2), 20_000)),
    raw && h('pre', {tabindex: '0', class: 'hex', 'aria-label': 'The bytes of the packet'}, hex_dump(raw)));
}

/** The packet from the device that a finding is about: the last one of its connection before it, of the same type. */
export function cause_of(finding, events) {
  if (finding.type !== 'finding' || !finding.packet) return null;
  return events.findLast((event) => event.type === 'packet' && event.cursor < finding.cursor &&
    event.connection_id === finding.connection_id && event.payload.direction === 'in' &&
    event.payload.type === finding.packet.type) ?? null;
}
