import { h } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { isRunEnded } from '../../data/events.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Ago } from '../../components/Ago.js';
import { settled } from '../../components/States.js';
import { SparkBars } from '../../charts/Spark.js';
import { count, counted, decimal, number, percent } from '../../format/number.js';
import { duration } from '../../format/time.js';
import { statisticsOf } from './statistics.js';

/** A view: schema, how its values are spread, how fresh it is. */
export const ViewStatistics = {
  props: ['view'],
  setup(props) {
    const to = () => path('systems', route.system, 'views', props.view.name, 'statistics');
    const statistics = useResource((signal) => get(to(), {}, signal), to, isRunEnded);

    const columns = () => [
      { name: 'Feature', cell: ({ name }) => h('strong', { class: 'clip', title: name }, name) },
      { name: 'Type', cell: ({ type }) => h('span', { class: 'muted' }, type) },
      { name: 'Missing', number: true, cell: ({ found }) => (found ? missing(found) : '–') },
      { name: 'Distinct', number: true, cell: ({ found }) => (found?.distinct === undefined ? '–' : count(found.distinct)) },
      { name: 'Min', number: true, cell: ({ found }) => figure(found?.min) },
      { name: 'Median', number: true, cell: ({ found }) => figure(found?.median) },
      { name: 'Mean', number: true, cell: ({ found }) => figure(found?.mean) },
      { name: 'Max', number: true, cell: ({ found }) => figure(found?.max) },
      { name: 'Spread', cell: ({ name, found }) => spread(name, found) },
    ];

    return () =>
      h(Section, { title: props.view.name, to: to() }, () => [
        settled(statistics, (data) => {
          const found = statisticsOf(data);
          return [
            h('p', { class: 'note' }, [
              `Of entity ${props.view.entity}`,
              props.view.ttl ? `; values count for ${duration(props.view.ttl)}` : '; values never expire',
              found.keys !== undefined ? `; ${counted(found.keys, 'key')}` : '',
              found.newest ? ['; newest event ', h(Ago, { at: found.newest })] : '',
              found.ingested ? ['; last written ', h(Ago, { at: found.ingested })] : '',
              '.',
            ]),
            h(Table, {
              label: `features of ${props.view.name}`,
              columns: columns(),
              rows: props.view.features.map((feature) => ({ ...feature, found: found.byFeature[feature.name] })),
              rowKey: (row) => row.name,
            }),
          ];
        }),
      ]);
  },
};

const figure = (value) => (value === undefined || value === null ? '' : decimal(value));

const missing = ({ nulls, rows }) => (number(nulls) === 0 ? '0' : h('span', { title: count(nulls) }, percent(number(nulls) / number(rows))));

function spread(name, found) {
  if (found?.bins?.length) {
    return h(SparkBars, {
      values: found.bins.map((bin) => bin.count),
      titles: found.bins.map((bin) => `${decimal(bin.from)} to ${decimal(bin.to)}: ${count(bin.count)}`),
      label: `histogram of ${name}, ${found.bins.length} bins from ${decimal(found.bins[0].from)} to ${decimal(found.bins.at(-1).to)}`,
      height: 32,
      slots: found.bins.length,
    });
  }
  if (found?.top?.length) {
    const most = Math.max(...found.top.map((category) => category.count));
    return h(
      'ul',
      { class: 'categories' },
      found.top.slice(0, 4).map((category) =>
        h('li', { title: `${category.value}: ${count(category.count)}` }, [
          h('span', category.value),
          h('i', { style: { width: `${(60 * category.count) / most}%` } }),
          h('em', count(category.count)),
        ]),
      ),
    );
  }
  return '';
}
