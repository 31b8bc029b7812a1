import { h } from '../../vue.js';
import { route, href } from '../../shell/route.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { PredictionDetail } from './PredictionDetail.js';
import { decimal, number, percent } from '../../format/number.js';

/** One page of predictions; the open one shows everything that is known of it. */
export const PredictionList = ({ predictions, open, onOpen }) =>
  h(Table, {
    label: 'predictions',
    rows: predictions,
    rowKey: (row) => row.id,
    picked: (row) => row.id === open,
    opened: (row) => row.id === open && h(PredictionDetail, { id: row.id }),
    columns: [
      { name: 'When', cell: (row) => h('button', { class: 'small quiet', 'aria-expanded': row.id === open, 'data-open': row.id, onClick: () => onOpen(row.id) }, [h('span', { 'aria-hidden': true }, row.id === open ? '▾ ' : '▸ '), h(Ago, { at: row.predicted })]) },
      { name: 'Key', cell: (row) => (row.key ? h('a', { class: 'clip', title: row.key, href: href(route.system, 'features', [], { key: row.key }) }, row.key) : h('span', { class: 'muted' }, 'values given')) },
      { name: 'Answer', cell: (row) => h('strong', { class: 'clip', title: row.output }, answer(row)) },
      { name: 'Score', number: true, cell: (row) => top(row) },
      { name: 'Outcome', cell: (row) => outcome(row) },
      { name: 'Version', number: true, cell: (row) => row.version },
      { name: 'Deployment', cell: (row) => [h('span', { class: 'clip', title: row.deployment }, row.deployment), row.shadowOf && h(Badge, { text: 'shadow' })] },
      { name: 'Made by', cell: (row) => (row.runId ? h('span', { class: 'muted', title: row.runId }, 'a batch run') : h('span', { class: 'muted' }, 'a request')) },
    ],
  });
PredictionList.props = ['predictions', 'open', 'onOpen'];

const classified = (row) => Object.keys(row.scores ?? {}).length > 1;

const answer = (row) => (classified(row) ? row.output : decimal(row.output, 6));

const top = (row) => (classified(row) ? percent(Math.max(...Object.values(row.scores).map(number))) : '–');

function outcome(row) {
  if (!row.outcome) {
    return h('span', { class: 'muted' }, '–');
  }
  return classified(row) ? h(Badge, { look: row.outcome.value === row.output ? 'good' : 'bad', text: row.outcome.value }) : decimal(row.outcome.value, 6);
}
