import { reactive, watch, onScopeDispose } from '../vue.js';
import { onEvent, returned } from './live.js';

const TOGETHER_MS = 250;

/**
 * Something read from the node, and read again when what it depends on changes, when the node comes back and, where
 * `on` says so of an event, when something moved. What was read before stays on show meanwhile.
 *
 * @param load `(signal) => promise`; its answer is `data`
 * @param depends a getter, as for watch; `load` runs again when its value changes
 * @param on `(event) => boolean`
 * @returns `{ data, error, loading, reload }`
 */
export function useResource(load, depends = () => null, on = () => false) {
  const resource = reactive({ data: null, error: null, loading: true, reload: () => read() });
  let current = null;
  let waiting = null;

  async function read() {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    resource.loading = true;
    try {
      const data = await load(mine.signal);
      if (current === mine) {
        Object.assign(resource, { data, error: null });
      }
    } catch (error) {
      if (current === mine && error.name !== 'AbortError') {
        resource.error = error;
      }
    } finally {
      if (current === mine) {
        resource.loading = false;
      }
    }
  }

  watch(depends, (now, before) => {
    if (before !== undefined && JSON.stringify(now) !== JSON.stringify(before)) {
      read();
    }
  });
  watch(returned, read);
  onEvent((event) => {
    if (on(event) && waiting === null) {
      waiting = setTimeout(() => {
        waiting = null;
        read();
      }, TOGETHER_MS);
    }
  });
  onScopeDispose(() => {
    clearTimeout(waiting);
    const last = current;
    current = null;
    last?.abort();
  });
  read();
  return resource;
}
