// Where we are: #/system/page/rest?query. All of a page's state that is worth sharing is in it.
import { reactive } from '../vue.js';

/** `{ system, page, rest: [...], query: {...} }`; changes with the address. */
export const route = reactive(parse());

addEventListener('hashchange', () => Object.assign(route, parse()));

function parse() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [system = '', page = '', ...rest] = path.split('/').map(decode);
  return { system, page: page || 'overview', rest: rest.filter(Boolean), query: Object.fromEntries(new URLSearchParams(query)) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a page of a system; query entries without a value are left out. */
export function href(system, page, rest = [], query = {}) {
  const path = [system, page, ...rest].map(encodeURIComponent).join('/');
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return `#/${path}${said.length ? `?${new URLSearchParams(said)}` : ''}`;
}

/** Changes the query of this page, without a new entry in the browser's history unless asked for. */
export function setQuery(changes, keepHistory = false) {
  const next = href(route.system, route.page, route.rest, { ...route.query, ...changes });
  if (next === location.hash) {
    return;
  }
  history[keepHistory ? 'pushState' : 'replaceState'](null, '', next);
  Object.assign(route, parse());
}

/** Goes to an address made by `href`. */
export function go(address) {
  location.hash = address;
}
