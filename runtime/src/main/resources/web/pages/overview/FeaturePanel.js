import { h } from '../../vue.js';
import { Panel } from './Panel.js';
import { PipelineList } from './PipelineList.js';
import { SparkBars } from '../../charts/Spark.js';
import { count, counted, number } from '../../format/number.js';
import { relative } from '../../format/time.js';

const BARS = 36;

const rows = (run) => number(run.counts?.rowsWritten ?? 0);

export const FeaturePanel = ({ pipelines, runs }) => {
  const shown = runs.slice(0, BARS).reverse();
  const fresh = runs.find((run) => run.state === 'COMPLETED' && rows(run) > 0);
  // On a logarithm's scale: a backfill would make every later run invisible.
  const chart = () => [
    h(SparkBars, {
      values: shown.map((run) => Math.log1p(rows(run))),
      marks: shown.map((run) => (run.state === 'FAILED' ? 'bad' : undefined)),
      titles: shown.map((run) => `${run.pipeline}: ${counted(rows(run), 'row')} written`),
      label: `rows written by the last ${shown.length} runs, newest last: ${shown.map(rows).slice(-8).map(count).join(', ')}`,
    }),
    h('p', { class: 'note' }, runs.length ? 'rows written, run by run (height: logarithm)' : 'the first run will show here'),
  ];
  return h(
    Panel,
    { kind: 'feature', title: 'Feature', does: 'raw data to features', figure: fresh ? relative(fresh.ended) : '–', figureNote: 'newest rows' },
    { default: () => h(PipelineList, { pipelines, runs, page: 'features' }), chart },
  );
};
FeaturePanel.props = ['pipelines', 'runs'];
