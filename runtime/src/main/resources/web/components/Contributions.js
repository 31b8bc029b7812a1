import { h } from '../vue.js';
import { number, signed } from '../format/number.js';
import { bareName } from '../format/value.js';

/**
 * What each feature added to one output, largest first, as bars to both sides of the middle.
 *
 * `base` and `byFeature` as in the API's Contributions; `values` (optional) are texts by feature.
 */
export const Contributions = ({ base, byFeature, values = {} }) => {
  const entries = Object.entries(byFeature ?? {})
    .map(([feature, value]) => ({ feature, value: number(value) }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const most = Math.max(1e-9, ...entries.map((entry) => Math.abs(entry.value)));
  return h('div', { class: 'contributions' }, [
    h(
      'ul',
      { 'aria-label': 'contributions' },
      entries.map(({ feature, value }) =>
        h('li', { key: feature }, [
          h('span', { class: 'contribution-name', title: feature }, [bareName(feature), values[feature] !== undefined && h('em', values[feature])]),
          h('span', { class: 'contribution-bar', 'aria-hidden': true }, [
            h('span', {
              class: value < 0 ? 'against' : 'for',
              style: { width: `${(50 * Math.abs(value)) / most}%`, [value < 0 ? 'right' : 'left']: '50%' },
            }),
          ]),
          h('span', { class: 'contribution-value' }, signed(value)),
        ]),
      ),
    ),
    h('p', { class: 'note' }, `From a base of ${signed(base)}, before anything is known.`),
  ]);
};
Contributions.props = ['base', 'byFeature', 'values'];
