import { h, ref, onMounted } from '../vue.js';

const NAME = 'triptych.by';

/**
 * Asks before something is changed, for who does it and why; both are recorded. `act({ by, reason })` is a promise;
 * while it is under way nothing can be pressed twice, and what it throws is shown. Emits `close`.
 */
export const Confirm = {
  props: ['title', 'text', 'verb', 'act', 'danger'],
  emits: ['close'],
  setup(props, { emit, slots }) {
    const dialog = ref(null);
    const by = ref(localStorage.getItem(NAME) ?? '');
    const reason = ref('');
    const busy = ref(false);
    const problem = ref('');

    onMounted(() => dialog.value.showModal());

    async function carryOut(submitted) {
      submitted.preventDefault();
      busy.value = true;
      problem.value = '';
      try {
        localStorage.setItem(NAME, by.value);
        await props.act({ by: by.value.trim(), reason: reason.value.trim() });
        emit('close');
      } catch (failure) {
        problem.value = failure.message;
      } finally {
        busy.value = false;
      }
    }

    const field = (name, model, hint) =>
      h('label', [name, h('input', { required: true, value: model.value, placeholder: hint, onInput: (typed) => (model.value = typed.target.value) })]);

    return () =>
      h('dialog', { ref: dialog, onClose: () => emit('close'), 'aria-label': props.title }, [
        h('article', [
          h('form', { onSubmit: carryOut }, [
            h('h2', props.title),
            props.text && h('p', props.text),
            slots.default?.(),
            field('Your name', by, 'who does this'),
            field('Reason', reason, 'kept in the record'),
            problem.value && h('p', { class: 'problem', role: 'alert' }, problem.value),
            h('div', { class: 'row end' }, [
              h('button', { type: 'button', class: 'quiet', onClick: () => emit('close') }, 'Leave it'),
              h('button', { type: 'submit', class: props.danger ? 'danger' : 'main', disabled: busy.value, 'aria-busy': busy.value }, props.verb),
            ]),
          ]),
        ]),
      ]);
  },
};
