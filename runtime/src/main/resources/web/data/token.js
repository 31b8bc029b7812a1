// The token of a node that asks for one; kept for the life of the tab.
import { ref } from '../vue.js';

const KEY = 'triptych.token';

/** Set while somebody is asked: `{ answered, resolve, refused }`, the last whether the token in use was not good. */
export const tokenAsked = ref(null);

export function authorization() {
  const token = sessionStorage.getItem(KEY);
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Asks once, however many calls were refused; whether one was given. */
export function askForToken() {
  if (!tokenAsked.value) {
    let resolve;
    const answered = new Promise((done) => {
      resolve = done;
    });
    tokenAsked.value = { answered, resolve, refused: sessionStorage.getItem(KEY) !== null };
  }
  return tokenAsked.value.answered;
}

export function giveToken(token) {
  const asked = tokenAsked.value;
  tokenAsked.value = null;
  if (token) {
    sessionStorage.setItem(KEY, token);
  }
  asked?.resolve(Boolean(token));
}
