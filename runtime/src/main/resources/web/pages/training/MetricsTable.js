import { h } from '../../vue.js';
import { Table } from '../../components/Table.js';
import { decimal, number } from '../../format/number.js';
import { lessIsBetter } from '../../format/metric.js';

/** Metrics of a version beside those of the trivial rules; the best of each row stands out. */
export const MetricsTable = ({ version }) => {
  const baselines = Object.entries(version.baselineMetrics ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = Object.keys(version.metrics ?? {})
    .sort()
    .map((name) => ({ name, values: [version.metrics[name], ...baselines.map(([, metrics]) => metrics.values?.[name])] }));
  const best = ({ name, values }) => {
    const known = values.map(number).filter(Number.isFinite);
    return lessIsBetter(name) ? Math.min(...known) : Math.max(...known);
  };
  return h(Table, {
    label: 'metrics beside baselines',
    rows,
    rowKey: (row) => row.name,
    columns: [
      { name: 'Metric', cell: (row) => row.name },
      ...['model', ...baselines.map(([name]) => name)].map((name, i) => ({
        name,
        number: true,
        cell: (row) => (row.values[i] === undefined ? '–' : h(number(row.values[i]) === best(row) ? 'strong' : 'span', decimal(row.values[i]))),
      })),
    ],
  });
};
MetricsTable.props = ['version'];
