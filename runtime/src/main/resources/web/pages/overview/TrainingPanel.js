import { h } from '../../vue.js';
import { Panel } from './Panel.js';
import { PipelineList } from './PipelineList.js';
import { SparkLine } from '../../charts/Spark.js';
import { decimal, number, percent } from '../../format/number.js';
import { headline, bestBaseline } from '../../format/metric.js';

const VERSIONS = 24;

export const TrainingPanel = ({ pipelines, runs, models }) => {
  const model = models.find((known) => known.versions?.length) ?? models[0];
  const versions = (model?.versions ?? []).slice(-VERSIONS);
  const metric = headline(versions.at(-1)?.metrics);
  const champion = model?.versions?.find((version) => version.number === model.aliases?.champion);
  const figure = champion && metric ? (metric === 'accuracy' ? percent(champion.metrics[metric]) : decimal(champion.metrics[metric])) : '–';
  const baseline = metric && bestBaseline(versions.at(-1), metric);
  const chart = () => [
    versions.length
      ? h(SparkLine, {
          values: versions.map((version) => number(version.metrics[metric])),
          against: baseline?.value,
          label: `${metric} of versions ${versions[0].number} to ${versions.at(-1).number}`,
        })
      : h('div', { class: 'spark' }),
    h('p', { class: 'note' }, versions.length ? `${metric} by version${baseline ? `; dashed: ${baseline.name} ${decimal(baseline.value, 3)}` : ''}` : 'the first version will show here'),
  ];
  return h(
    Panel,
    {
      kind: 'training',
      title: 'Training',
      does: 'features to models',
      figure,
      figureNote: champion ? `${metric} of the champion, version ${champion.number}` : 'no champion yet',
    },
    { default: () => h(PipelineList, { pipelines, runs, page: 'training' }), chart },
  );
};
TrainingPanel.props = ['pipelines', 'runs', 'models'];
