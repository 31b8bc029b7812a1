// Calls of the public API, /api/v1. Nothing a page shows comes from anywhere else.
import { authorization, askForToken } from './token.js';
import { readEvents } from './eventstream.js';

const BASE = '/api/v1';

/** A refusal. `status` is the HTTP status, 0 where no node answered; `field` names what is wrong in the request. */
export class ApiError extends Error {
  constructor(status, message, field = '') {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** A path from its segments, each escaped; a last argument such as ':promote' is put behind the last segment. */
export function path(...segments) {
  const verb = segments.at(-1)?.startsWith?.(':') ? segments.pop() : '';
  return `/${segments.map((segment) => encodeURIComponent(segment)).join('/')}${verb}`;
}

/** The full address of a call, as a link to its JSON or, with `{ format: 'csv' }`, its CSV. */
export function address(to, query = {}) {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return BASE + to + (said.length ? `?${new URLSearchParams(said)}` : '');
}

export const get = (to, query, signal) => call('GET', to, { query, signal });
export const post = (to, body = {}, signal) => call('POST', to, { body, signal });
export const patch = (to, body = {}) => call('PATCH', to, { body });

async function call(method, to, { query, body, signal } = {}) {
  const answer = await send(method, to, { query, body, signal, accept: 'application/json' });
  return answer.json();
}

/** The text of an answer that is not JSON, such as a model card. */
export async function text(to, query) {
  return (await send('GET', to, { query, accept: 'text/markdown, text/plain' })).text();
}

/**
 * The messages of a streaming call, one by one.
 *
 * @throws ApiError if it is refused, or ends with an error
 */
export async function* stream(to, query, signal) {
  const answer = await send('GET', to, { query, signal, accept: 'text/event-stream' });
  for await (const { event, data } of readEvents(answer.body)) {
    if (event === 'end') {
      return;
    }
    const message = data ? JSON.parse(data) : {};
    if (event === 'error') {
      throw new ApiError(500, message.error || 'the stream broke', message.field);
    }
    yield message;
  }
}

async function send(method, to, { query, body, signal, accept }) {
  const headers = { accept, ...authorization() };
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
  }
  let answer;
  try {
    answer = await fetch(address(to, query), { method, headers, signal, body: body && JSON.stringify(body) });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new ApiError(0, 'The node does not answer.');
  }
  if (answer.status === 401 && (await askForToken())) {
    return send(method, to, { query, body, signal, accept });
  }
  if (!answer.ok) {
    throw await refusal(answer);
  }
  return answer;
}

async function refusal(answer) {
  const said = await answer.text();
  try {
    const { error, field } = JSON.parse(said);
    return new ApiError(answer.status, error, field);
  } catch {
    return new ApiError(answer.status, said || answer.statusText);
  }
}
