import { h } from '../../vue.js';
import { count, number, percent } from '../../format/number.js';

/** What was predicted of what was actual; a cell is the darker the larger its share of its row. */
export const ConfusionMatrix = ({ cells }) => {
  const actuals = [...new Set(cells.map((cell) => cell.actual))].sort();
  const outcomes = [...new Set([...actuals, ...cells.map((cell) => cell.predicted)])].sort();
  const of = (actual, predicted) => number(cells.find((cell) => cell.actual === actual && cell.predicted === predicted)?.count ?? 0);
  const total = (actual) => outcomes.reduce((sum, predicted) => sum + of(actual, predicted), 0);
  return h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': 'confusion matrix' }, [
    h('table', { class: 'confusion' }, [
      h('caption', { class: 'unseen' }, 'confusion matrix'),
      h('thead', [h('tr', [h('th', { scope: 'col' }, 'actual ↓ predicted →'), outcomes.map((outcome) => h('th', { scope: 'col', class: 'number' }, outcome))])]),
      h(
        'tbody',
        actuals.map((actual) =>
          h('tr', [
            h('th', { scope: 'row' }, actual),
            outcomes.map((predicted) => {
              const share = of(actual, predicted) / (total(actual) || 1);
              return h('td', { class: ['number', actual === predicted ? 'right' : 'wrong'] }, [
                h('span', { class: 'wash', style: { opacity: share } }),
                h('span', { class: 'cell' }, [count(of(actual, predicted)), ' ', h('small', percent(share, 0))]),
              ]);
            }),
          ]),
        ),
      ),
    ]),
  ]);
};
ConfusionMatrix.props = ['cells'];
