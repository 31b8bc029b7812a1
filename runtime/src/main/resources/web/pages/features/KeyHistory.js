import { h, ref, computed } from '../../vue.js';
import { path } from '../../data/client.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Choice } from '../../components/Choice.js';
import { Table } from '../../components/Table.js';
import { Ago } from '../../components/Ago.js';
import { Chart } from '../../charts/Chart.js';
import { bare, shown } from '../../format/value.js';
import { decimal } from '../../format/number.js';
import { local } from '../../format/time.js';

const NUMERIC = new Set(['int64', 'float64', 'bool']);
const SHOWN_MAX = 100;

/** Everything that was ever written of one key, as a chart of one feature and as tables. */
export const KeyHistory = {
  props: ['histories', 'keyName'],
  setup(props) {
    const chosen = ref('');
    const drawable = computed(() =>
      props.histories.flatMap(({ view, rows }) =>
        rows.length > 1 ? view.features.filter((feature) => NUMERIC.has(feature.type)).map((feature) => ({ name: `${view.name}.${feature.name}`, feature: feature.name, rows })) : [],
      ),
    );
    const drawn = computed(() => drawable.value.find((one) => one.name === chosen.value) ?? drawable.value[0]);
    const points = computed(() =>
      (drawn.value?.rows ?? [])
        .map((row) => [Date.parse(row.eventTime), Number(bare(row.values?.[drawn.value.feature]) ?? NaN)])
        .filter(([, value]) => Number.isFinite(value))
        .sort((a, b) => a[0] - b[0]),
    );
    const option = computed(() => {
      const data = points.value;
      return (colours) => ({
        tooltip: { trigger: 'axis', formatter: ([point]) => `${local(point.value[0])}\n${decimal(point.value[1], 6)}` },
        xAxis: { type: 'time' },
        yAxis: { type: 'value', scale: true },
        series: [{ type: 'line', step: 'end', data, symbolSize: 7, color: colours.feature, areaStyle: { opacity: 0.08 } }],
      });
    });

    const table = ({ view, rows }) =>
      h('details', { open: rows.length > 0 && rows.length <= 12, key: view.name }, [
        h('summary', `${view.name}: ${rows.length === 1 ? '1 row' : `${rows.length} rows`}`),
        rows.length > 0 &&
          h(Table, {
            label: `rows of ${props.keyName} in ${view.name}`,
            rows: rows.slice(0, SHOWN_MAX),
            rowKey: (row) => `${row.sequenceNr}/${row.eventTime}`,
            columns: [
              { name: 'Event time', cell: (row) => h(Ago, { at: row.eventTime, full: true }) },
              { name: 'Known since', cell: (row) => h(Ago, { at: row.ingestTime }) },
              ...view.features.map((feature) => ({ name: feature.name, number: NUMERIC.has(feature.type), cell: (row) => shown(row.values?.[feature.name]) })),
            ],
          }),
        rows.length > SHOWN_MAX && h('p', { class: 'note' }, `The newest ${SHOWN_MAX} are shown; all are in the JSON and CSV.`),
      ]);

    return () =>
      h(Section, { title: 'History', to: path('systems', route.system, 'views', props.histories[0]?.view.name ?? '', 'keys', props.keyName, 'history') }, () => [
        drawn.value && [
          h('div', { class: 'fields' }, [
            h(Choice, { label: 'Feature', value: drawn.value.name, options: drawable.value.map(({ name }) => [name, name]), onChoose: (name) => (chosen.value = name) }),
          ]),
          h(Chart, { option: option.value, label: `${drawn.value.name} of ${props.keyName} over event time, ${points.value.length} values`, height: '13rem' }),
        ],
        props.histories.map(table),
      ]);
  },
};
