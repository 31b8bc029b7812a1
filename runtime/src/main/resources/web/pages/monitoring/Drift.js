import { h, ref, computed } from '../../vue.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { Empty, settled } from '../../components/States.js';
import { Chart } from '../../charts/Chart.js';
import { useMeasured } from './measured.js';
import { driftOption } from './charts.js';
import { count, counted, decimal, number, percent } from '../../format/number.js';

/** How far what is asked and answered is from what the version learnt from, column by column. */
export const Drift = {
  props: ['deployment'],
  setup(props) {
    const { measured, to, query } = useMeasured('drift', () => props.deployment);
    const open = ref('');
    const columns = computed(() => [...(measured.data?.columns ?? [])].sort((a, b) => number(b.psi) / number(b.threshold) - number(a.psi) / number(a.threshold)));
    const opened = computed(() => columns.value.find(({ feature }) => feature === open.value));
    const option = computed(() => opened.value && driftOption(opened.value));

    const cells = [
      { name: 'Column', cell: (row) => h('button', { class: 'small quiet clip', title: row.feature, 'aria-expanded': open.value === row.feature, onClick: () => (open.value = open.value === row.feature ? '' : row.feature) }, row.feature) },
      { name: 'State', cell: (row) => h(Badge, row.drifted ? { look: 'bad', text: 'drifted' } : { look: 'good', text: 'as learnt' }) },
      { name: 'PSI against its threshold', cell: gauge },
      { name: 'Jensen–Shannon', number: true, cell: (row) => decimal(row.jensenShannon, 3) },
      { name: 'Kolmogorov–Smirnov', number: true, cell: (row) => (row.kolmogorovSmirnov === undefined ? '–' : decimal(row.kolmogorovSmirnov, 3)) },
      { name: 'Missing', number: true, cell: (row) => `${missing(row.baseline)} → ${missing(row.live)}` },
      { name: 'Rows', number: true, cell: (row) => `${count(row.baseline?.rows)} / ${count(row.live?.rows)}` },
    ];

    return () =>
      h(Section, { title: 'Drift', to: to(), query: query(), csv: false }, () =>
        settled(measured, (all) =>
          columns.value.length
            ? [
                h('p', { class: 'note' }, [
                  `${counted(all.sampled, all.batch ? 'batch prediction' : 'prediction')} against the rows that version ${all.version} learnt from, since `,
                  h(Ago, { at: all.since, full: true }),
                  `. Under ${counted(all.rowsMin, 'row')} no alert is raised.`,
                ]),
                h(Table, { label: 'drift of every column', rows: columns.value, columns: cells, rowKey: (row) => row.feature, opened: (row) => row.feature === open.value && h(Chart, { option: option.value, label: `distribution of ${row.feature}, learnt and now`, height: '13rem' }) }),
              ]
            : h(Empty, { title: 'There is nothing to compare yet' }, () => all.problem),
        ),
      );
  },
};

const missing = (profile) => percent(number(profile?.missing) / (number(profile?.rows) || 1), 0);

/** The PSI as a bar whose end is twice the threshold. */
function gauge(row) {
  const share = Math.min(1, number(row.psi) / (2 * number(row.threshold) || 1));
  return h('span', { class: 'gauge' }, [
    h('span', { class: 'bar' }, [h('i', { class: { over: row.drifted }, style: { width: `${100 * share}%` } })]),
    h('span', { class: 'figure' }, `${decimal(row.psi, 3)} / ${decimal(row.threshold, 2)}`),
  ]);
}
