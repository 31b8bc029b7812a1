import { h } from '../../vue.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Hash } from '../../components/Hash.js';
import { metrics } from './TrainingRuns.js';
import { count, decimal, number } from '../../format/number.js';
import { lessIsBetter } from '../../format/metric.js';

/** Runs side by side: what went in and what came out; where they differ stands out. */
export const RunComparison = ({ runs, versionOf }) => {
  const versions = runs.map(versionOf);
  const parameters = [...new Set(versions.flatMap((version) => Object.keys(version?.provenance?.parameters ?? {})))].sort();
  const names = [...new Set(runs.flatMap((run) => Object.keys(metrics(run))))].sort();
  const rows = [
    { name: 'dataset rows', values: runs.map((run) => count(run.counts?.datasetRows)) },
    { name: 'dataset', values: runs.map((run) => run.notes?.datasetHash), show: (hash) => h(Hash, { of: hash }) },
    { name: 'content', values: runs.map((run) => run.notes?.contentHash), show: (hash) => h(Hash, { of: hash }) },
    ...parameters.map((name) => ({ name, values: versions.map((version) => version?.provenance?.parameters?.[name] ?? '–') })),
    ...names.map((name) => ({ name, values: runs.map((run) => metrics(run)[name]), show: (value) => (value === undefined ? '–' : decimal(value)), best: best(name, runs) })),
  ];
  return h(Section, { title: 'Side by side' }, () =>
    h(Table, {
      label: 'comparison of runs',
      rows,
      rowKey: (row) => row.name,
      columns: [
        { name: '', cell: (row) => row.name },
        ...runs.map((run, i) => ({
          name: `version ${run.counts?.version ?? '–'}`,
          number: true,
          cell: (row) => {
            const differs = new Set(row.values).size > 1;
            const stands = row.best === undefined ? differs : differs && number(row.values[i]) === row.best;
            return h(stands ? 'strong' : 'span', { class: { muted: !differs } }, [row.show ? row.show(row.values[i]) : row.values[i]]);
          },
        })),
      ],
    }),
  );
};
RunComparison.props = ['runs', 'versionOf'];

function best(name, runs) {
  const values = runs.map((run) => number(metrics(run)[name])).filter(Number.isFinite);
  return lessIsBetter(name) ? Math.min(...values) : Math.max(...values);
}
