import { reactive, onScopeDispose } from '../vue.js';
import { stream } from './client.js';

/**
 * A streaming call, started by hand and again at will.
 *
 * @param take `(message)`: what is done with each message
 * @returns `{ running, error, ended, start(to, query), stop }`
 */
export function useStream(take) {
  let current = null;
  const state = reactive({
    running: false,
    ended: false,
    error: null,
    async start(to, query) {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      Object.assign(state, { running: true, ended: false, error: null });
      try {
        for await (const message of stream(to, query, mine.signal)) {
          take(message);
        }
        state.ended = true;
      } catch (failure) {
        if (failure.name !== 'AbortError') {
          state.error = failure;
        }
      } finally {
        if (current === mine) {
          state.running = false;
        }
      }
    },
    stop() {
      current?.abort();
    },
  });
  onScopeDispose(() => current?.abort());
  return state;
}
