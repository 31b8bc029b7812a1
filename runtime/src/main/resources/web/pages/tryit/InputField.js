import { h } from '../../vue.js';
import { bareName } from '../../format/value.js';
import { decimal } from '../../format/number.js';

const BUTTONS_MAX = 5;
const MISSING = 'missing';

/** One input of the form; `value` is text, `missing` where it is not known. Emits `change`, with null for missing. */
export const InputField = {
  props: ['input', 'value'],
  emits: ['change'],
  setup(props, { emit }) {
    const change = (value) => emit('change', value === MISSING ? null : value);
    const absent = () => props.value === MISSING;
    const name = () => bareName(props.input.feature);

    const buttons = () =>
      h('div', { class: 'segments', role: 'toolbar', 'aria-label': name() }, props.input.choices.map((choice) =>
        h('button', { type: 'button', title: choice, 'aria-pressed': props.value === choice, onClick: () => change(choice) }, choice),
      ));
    const select = () =>
      h('select', { 'aria-label': name(), value: props.value, onChange: (chosen) => change(chosen.target.value) }, [
        !props.input.choices.includes(props.value) && !absent() && h('option', { value: props.value, selected: true }, props.value),
        props.input.choices.map((choice) => h('option', { value: choice, selected: choice === props.value }, choice)),
      ]);
    const slider = () => {
      const { min, max, step } = props.input.range;
      return h('input', { type: 'range', min: Math.min(min, Number(props.value) || min), max: Math.max(max, Number(props.value) || max), step, value: absent() ? min : props.value, 'aria-label': name(), onInput: (moved) => change(moved.target.value) });
    };
    const free = () =>
      h('input', { type: props.input.type === 'string' ? 'text' : 'number', step: 'any', 'aria-label': name(), value: absent() ? '' : props.value, onChange: (typed) => change(typed.target.value === '' ? MISSING : typed.target.value) });

    const control = () => {
      if (props.input.choices) {
        return props.input.choices.length <= BUTTONS_MAX ? buttons() : select();
      }
      return props.input.range ? slider() : free();
    };

    return () =>
      h('div', { class: ['input', { absent: absent() }], 'data-feature': props.input.feature }, [
        h('div', { class: 'input-head' }, [
          h('span', { class: 'input-name', title: props.input.feature }, name()),
          props.input.range && !absent() && h('output', decimal(props.value)),
          h('label', { class: 'unknown' }, [
            h('input', { type: 'checkbox', checked: absent(), onChange: (ticked) => change(ticked.target.checked ? MISSING : (props.input.start ?? '')) }),
            'unknown',
          ]),
        ]),
        h('div', { class: 'input-control' }, [control()]),
      ]);
  },
};
