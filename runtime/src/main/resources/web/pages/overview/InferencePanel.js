import { h } from '../../vue.js';
import { Panel } from './Panel.js';
import { PipelineList } from './PipelineList.js';
import { SparkBars } from '../../charts/Spark.js';
import { route, href } from '../../shell/route.js';
import { count } from '../../format/number.js';
import { relative } from '../../format/time.js';

export const InferencePanel = ({ pipelines, runs, predictions, deployments }) => {
  const perMinute = predictions?.perMinute ?? [];
  const chart = () => [
    h(SparkBars, {
      values: perMinute.map(Math.log1p),
      titles: perMinute.map((made, i) => `${count(made)} predictions, ${perMinute.length - 1 - i} min ago`),
      label: `predictions in each of the last ${perMinute.length} minutes; ${count(perMinute.reduce((a, b) => a + b, 0))} in all`,
    }),
    h('p', { class: 'note' }, 'predictions, minute by minute (height: logarithm)'),
  ];
  return h(
    Panel,
    { kind: 'inference', title: 'Inference', does: 'features and a model to predictions', figure: predictions?.last ? relative(predictions.last) : '–', figureNote: predictions?.last ? 'last prediction' : 'no prediction yet' },
    {
      default: () => [
        h(PipelineList, { pipelines, runs, page: 'predictions' }),
        deployments.length > 0 && h('ul', { class: 'served' }, deployments.map(served)),
      ],
      chart,
    },
  );
};
InferencePanel.props = ['pipelines', 'runs', 'predictions', 'deployments'];

const served = (deployment) =>
  h('li', [
    h('a', { href: href(route.system, 'try', [deployment.name]) }, deployment.name),
    ' serves ',
    versions(deployment) || h('span', { class: 'muted' }, 'nothing yet'),
  ]);

const versions = (deployment) =>
  (deployment.nodes?.[0]?.routes ?? []).map(({ to, weight, version }) => `version ${version}${said(to, weight)}`).join(', ');

function said(to, weight) {
  const both = [/^\d+$/.test(to) ? '' : to, weight === 100 ? '' : `${weight} %`].filter(Boolean).join(', ');
  return both && ` (${both})`;
}
