import { h, ref, watch, nextTick } from '../vue.js';
import { tokenAsked, giveToken } from '../data/token.js';

/** Asks for a token when a node wants one. */
export const TokenDialog = {
  setup() {
    const dialog = ref(null);
    const token = ref('');
    watch(tokenAsked, async (asked) => {
      await nextTick();
      if (asked) {
        dialog.value?.showModal();
      }
    });
    const give = (submitted) => {
      submitted.preventDefault();
      giveToken(token.value.trim());
    };
    return () =>
      tokenAsked.value &&
      h('dialog', { ref: dialog, 'aria-label': 'token', onCancel: () => giveToken('') }, [
        h('article', [
          h('form', { onSubmit: give }, [
            h('h2', 'This node asks for a token'),
            tokenAsked.value.refused && h('p', { class: 'problem', role: 'alert' }, 'The token was refused: it is not one of this node’s.'),
            h('label', ['Token', h('input', { type: 'password', autocomplete: 'off', required: true, onInput: (typed) => (token.value = typed.target.value) })]),
            h('div', { class: 'row end' }, [h('button', { type: 'submit', class: 'main' }, 'Go on')]),
          ]),
        ]),
      ]);
  },
};
