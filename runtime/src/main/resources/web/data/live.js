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
addEventListener('offline', interrupt);
// A browser has six connections to a node, all its tabs together, and one that is put by keeps its own.
addEventListener('pagehide', interrupt);
document.addEventListener('visibilitychange', () => document.hidden && interrupt());

function interrupt() {
  attempt?.abort();
}

/** Waits until somebody looks at the page. */
function looked() {
  return new Promise((resolve) => {
    const check = () => {
      if (!document.hidden) {
        document.removeEventListener('visibilitychange', check);
        resolve();
      }
    };
    document.addEventListener('visibilitychange', check);
    check();
  });
}

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
  let missed = false;
  while (!mine.signal.aborted) {
    await looked();
    attempt = new AbortController();
    const signal = AbortSignal.any([mine.signal, attempt.signal]);
    try {
      await get('/systems', {}, signal);
      if (missed) {
        returned.value++;
      }
      connection.value = 'live';
      wait = RETRY_MS;
      for await (const event of stream('/events', { system }, signal)) {
        listeners.forEach((listener) => listener(event));
      }
      missed = true;
    } catch (failure) {
      if (mine.signal.aborted) {
        return;
      }
      missed = !failure.status;
      if (missed && !attempt.signal.aborted) {
        connection.value = 'gone';
      }
    }
    await new Promise((over) => setTimeout(over, attempt.signal.aborted ? 0 : wait));
    wait = Math.min(wait * 2, RETRY_MS_MAX);
  }
}
