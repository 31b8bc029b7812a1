import { h } from '../../vue.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { Empty } from '../../components/States.js';
import { shown } from '../../format/value.js';

/** A key's features at one time, each with its status and the time it is of. */
export const FeatureVector = ({ vector }) =>
  vector?.values?.length
    ? h(Table, {
        label: `features of ${vector.key}`,
        rows: vector.values,
        rowKey: (row) => row.feature,
        columns: [
          { name: 'Feature', cell: (row) => h('span', { class: 'clip', title: row.feature }, row.feature) },
          { name: 'Value', cell: (row) => h('strong', { class: 'value', title: shown(row.value) }, shown(row.value)) },
          { name: 'Status', cell: (row) => h(Badge, { of: row.status }) },
          { name: 'Event time', cell: (row) => h(Ago, { at: row.eventTime, full: true }) },
        ],
      })
    : h(Empty, { title: 'This key has no features' });
FeatureVector.props = ['vector'];
