// The calls of the control API, as anybody else makes them: the page can do nothing more.
import {ask_token} from './dialog.js';

const kept_token = 'murano-token';
const shown_calls = 30;

let asking = null;  // one question at a time, whatever many calls wait for it
const calls = new EventTarget();
export const made_calls = [];

export class CallError extends Error {
  constructor(status, message, path = '') {
    super(path ? `${message} (${path})` : message);
    this.status = status;
  }
}

/** Hears of every call that changed something, so that it can be shown as a curl line. */
export const on_call = (listener) => calls.addEventListener('call', listener);

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function curl_line(method, path, body) {
  const parts = ['curl'];
  if (method !== 'GET') parts.push('-X', method);
  if (sessionStorage.getItem(kept_token)) parts.push('-H', '"Authorization: token $TOKEN"');
  if (body !== undefined) parts.push('-H', "'Content-Type: application/json'", '-d', quoted(JSON.stringify(body)));
  parts.push(quoted(location.origin + path));
  return parts.join(' ');
}

function remember(method, path, body) {
  made_calls.push(curl_line(method, path, body));
  if (made_calls.length > shown_calls) made_calls.shift();
  calls.dispatchEvent(new Event('call'));
}

function headers(more) {
  const token = sessionStorage.getItem(kept_token);
  return {'X-Murano-Page': '1', ...(token && {Authorization: `token ${token}`}), ...more};
}

/** The answer, whatever its status is but 401: then the person is asked for the token, and the call is made again. */
export async function request(method, path, options = {}) {
  for (;;) {
    let response;
    try {
      response = await fetch(path, {...options, method, headers: headers(options.headers), credentials: 'omit'});
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new CallError(0, 'the server is not answering');
    }
    if (response.status !== 401) return response;
    const refused = sessionStorage.getItem(kept_token);
    asking ??= ask_token(Boolean(refused)).finally(() => (asking = null));
    sessionStorage.setItem(kept_token, await asking);
  }
}

/** What an answer that is no success says. */
export async function error_of(response) {
  const text = await response.text().catch(() => '');
  try {
    const said = JSON.parse(text);
    if (said.error) return new CallError(response.status, said.error.message, said.error.path);
    if (said.message) return new CallError(response.status, said.message);
  } catch { /* a sentence */ }
  return new CallError(response.status, text.slice(0, 300) || `the server answered ${response.status}`);
}

/** A call with JSON in and out. undefined: the answer has no body. */
export async function call(method, path, body, more = {}) {
  if (method !== 'GET') remember(method, path, body);
  const options = body === undefined ? {} : {body: JSON.stringify(body)};
  options.headers = {...(body !== undefined && {'Content-Type': 'application/json'}), ...more};
  const response = await request(method, path, options);
  if (!response.ok) throw await error_of(response);
  const text = await response.text();
  if (!text) return undefined;
  return response.headers.get('Content-Type')?.startsWith('application/json') ? JSON.parse(text) : text;
}

export const get = (path) => call('GET', path);

/** A file of the server, saved by the browser: a link cannot carry the token. */
export async function download(path, name) {
  const response = await request('GET', path);
  if (!response.ok) throw await error_of(response);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const part = encodeURIComponent;
export const v1 = '/_emulator/v1';
export const device2 = (connector) => `/api:1/service/${part(connector)}/device2`;
export const identity_path = (connector, identity) => `${device2(connector)}/identity/${part(identity)}`;
export const connector_path = (connector) => `${v1}/connectors/${part(connector)}`;
export const query_text = (query) => {
  const set = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  return new URLSearchParams(set).toString();
};
