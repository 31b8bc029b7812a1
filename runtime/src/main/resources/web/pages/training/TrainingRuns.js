import { h } from '../../vue.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { RunProgress } from '../../components/RunProgress.js';
import { count, decimal } from '../../format/number.js';
import { secondsBetween, span } from '../../format/time.js';
import { headline } from '../../format/metric.js';

/** Runs of the training pipelines, with a bar while one runs and a button that ends it. */
export const TrainingRuns = ({ runs, compared, chosen, onCompare, onCancel, onChoose }) => {
  const metric = headline(metrics(runs.find((run) => run.state === 'COMPLETED')));
  return h(Table, {
    label: 'runs of the training pipelines',
    rows: runs,
    rowKey: (run) => run.runId,
    picked: (run) => run.runId === chosen?.runId,
    opened: (run) => run.state === 'FAILED' && run.runId === runs[0].runId && h('p', { class: 'bad-text' }, run.reason),
    columns: [
      {
        name: 'Compare',
        cell: (run) =>
          run.state === 'COMPLETED' &&
          h('input', { type: 'checkbox', 'aria-label': `compare the run of ${run.started}`, checked: compared.includes(run.runId), onChange: () => onCompare(run) }),
      },
      { name: 'Pipeline', cell: (run) => h('span', { class: 'clip', title: run.pipeline }, run.pipeline) },
      { name: 'State', cell: (run) => (run.state === 'RUNNING' ? h(RunProgress, { run }) : h('span', { title: run.reason }, [h(Badge, { of: run.state })])) },
      { name: 'Started', cell: (run) => h(Ago, { at: run.started }) },
      { name: 'Took', number: true, cell: (run) => (run.ended ? span(secondsBetween(run.started, run.ended)) : '–') },
      { name: 'Rows', number: true, cell: (run) => (run.counts?.datasetRows ? count(run.counts.datasetRows) : '–') },
      { name: metric ?? 'Metric', number: true, cell: (run) => (metric && metrics(run)[metric] ? decimal(metrics(run)[metric]) : '–') },
      {
        name: 'Version',
        cell: (run) =>
          run.counts?.version
            ? h('button', { class: 'small quiet', onClick: () => onChoose(run) }, [`version ${run.counts.version} `, promoted(run) && h(Badge, { look: 'good', text: 'promoted' })])
            : run.state === 'RUNNING'
              ? h('button', { class: 'small danger', onClick: () => onCancel(run) }, 'Cancel')
              : '–',
      },
    ],
  });
};
TrainingRuns.props = ['runs', 'compared', 'chosen', 'onCompare', 'onCancel', 'onChoose'];

const promoted = (run) => Number(run.counts?.promoted) === 1;

/** The metrics that a run's notes have. */
export const metrics = (run) =>
  Object.fromEntries(
    Object.entries(run?.notes ?? {})
      .filter(([name]) => name.startsWith('metric.'))
      .map(([name, value]) => [name.slice('metric.'.length), value]),
  );
