import { h } from '../vue.js';

/** A labelled select; `options` is [[value, text], ...]. */
export const Choice = ({ label, value, options, onChoose }) =>
  h('label', { class: 'choice' }, [
    label,
    h(
      'select',
      { value, onChange: (changed) => onChoose(changed.target.value) },
      options.map(([of, text]) => h('option', { value: of, selected: of === value }, text)),
    ),
  ]);
Choice.props = ['label', 'value', 'options', 'onChoose'];
