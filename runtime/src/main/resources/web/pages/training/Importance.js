import { h } from '../../vue.js';
import { decimal, counted, number } from '../../format/number.js';
import { bareName } from '../../format/value.js';

/** How much each input counts in a version. */
export const Importance = ({ importance }) => {
  const inputs = [...(importance?.inputs ?? [])].sort((a, b) => number(b.value) - number(a.value));
  const most = Math.max(1e-12, ...inputs.map((input) => number(input.value)));
  return inputs.length
    ? h('div', { class: 'bars' }, [
        h('ul', { 'aria-label': 'importance' }, inputs.map((input) =>
          h('li', { key: input.feature }, [
            h('span', { class: 'clip', title: input.feature }, bareName(input.feature)),
            h('span', { class: 'bar' }, [h('i', { style: { width: `${(100 * number(input.value)) / most}%` } })]),
            h('span', { class: 'figure' }, decimal(input.value, 3)),
          ]),
        )),
        h('p', { class: 'note' }, `Mean absolute contribution over ${counted(importance.rows, 'training row')}.`),
      ])
    : h('p', { class: 'muted' }, 'This kind of model does not tell.');
};
Importance.props = ['importance'];
