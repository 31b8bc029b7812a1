import { h } from '../vue.js';

/**
 * A table that scrolls sideways within itself.
 *
 * `columns` is [{ name, cell(row, index), number, key }]; `label` says what it holds to who cannot see it; `opened(row)`,
 * where given, is content under a row; `picked` and `onPick` make rows ones to choose.
 */
export const Table = ({ columns, rows, label, opened, rowKey, onPick, picked }) =>
  h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': label }, [
    h('table', [
      h('caption', { class: 'unseen' }, label),
      h('thead', [h('tr', columns.map(heading))]),
      h(
        'tbody',
        rows.flatMap((row, index) => {
          const key = rowKey ? rowKey(row) : index;
          const below = opened?.(row);
          return [
            h(
              'tr',
              { key, class: { picked: picked?.(row), pickable: Boolean(onPick) }, onClick: onPick && (() => onPick(row)) },
              columns.map((column) => h('td', { class: { number: column.number } }, [column.cell(row, index)])),
            ),
            below && h('tr', { key: `${key} below`, class: 'below' }, [h('td', { colspan: columns.length }, [below])]),
          ];
        }),
      ),
    ]),
  ]);
Table.props = ['columns', 'rows', 'label', 'opened', 'rowKey', 'onPick', 'picked'];

const heading = (column) => h('th', { scope: 'col', class: { number: column.number } }, column.name);
