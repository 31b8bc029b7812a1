// What moves in the system on show, as the node tells it, and whether the node is there at all.
import { ref, watch, onScopeDispose } from '../vue.js';
import { stream, get } from './client.js';
import { route } from '../shell/route.js';

const RETRY_MS = 1_000;
const RETRY_MS_MAX = 8_000;

/** `connecting`, `live` or `gone`. */
export const connection = ref('connecting');
/** Counts the times the node came back: whoever shows its data reads them again. */
export const returned = ref(0);

const listeners = new Set();
let following = null;
let attempt = null;

// The stream of a lost network would hang until the operating system gives it up.
addEventListener('offline', () => attempt?.abort());

/** Calls back with every event, until the component is gone. */
export function onEvent(listener) {
  listeners.add(listener);
  onScopeDispose(() => listeners.delete(listener));
}

/** Follows the system in the address from now on. */
export function followRoute() {
  watch(() => route.system, follow, { immediate: true });
}

async function follow(system) {
  following?.abort();
  const mine = new AbortController();
  following = mine;
  let wait = RETRY_MS;
  while (!mine.signal.aborted) {
    attempt = new AbortController();
    const signal = AbortSignal.any([mine.signal, attempt.signal]);
    try {
      await get('/systems', {}, signal);
      if (connection.value === 'gone') {
        returned.value++;
      }
      connection.value = 'live';
      wait = RETRY_MS;
      for await (const event of stream('/events', { system }, signal)) {
        listeners.forEach((listener) => listener(event));
      }
    } catch (failure) {
      if (mine.signal.aborted) {
        return;
      }
      if (!failure.status && !attempt.signal.aborted) {
        connection.value = 'gone';
      }
    }
    await new Promise((over) => setTimeout(over, attempt.signal.aborted ? 0 : wait));
    wait = Math.min(wait * 2, RETRY_MS_MAX);
  }
}
