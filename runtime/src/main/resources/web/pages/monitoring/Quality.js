import { h, ref, computed } from '../../vue.js';
import { Section } from '../../components/Section.js';
import { Choice } from '../../components/Choice.js';
import { Empty, settled } from '../../components/States.js';
import { Chart } from '../../charts/Chart.js';
import { ConfusionMatrix } from '../training/ConfusionMatrix.js';
import { useMeasured } from './measured.js';
import { qualityOption, answersOption } from './charts.js';
import { count, counted, decimal, number } from '../../format/number.js';
import { headline } from '../../format/metric.js';

/** How good the answers were, step by step, where outcomes have arrived. */
export const Quality = {
  props: ['deployment'],
  setup(props) {
    const { measured, to, query } = useMeasured('quality', () => props.deployment);
    const chosen = ref('');
    const names = computed(() => Object.keys(measured.data?.whole?.metrics ?? {}).sort());
    const metric = computed(() => (names.value.includes(chosen.value) ? chosen.value : headline(measured.data?.whole?.metrics)));
    const steps = computed(() => (measured.data?.steps ?? []).filter((step) => number(step.outcomes) > 0));
    const bound = computed(() => measured.data?.bounds?.[metric.value]);
    const option = computed(() => metric.value && qualityOption(measured.data, steps.value, metric.value, bound.value));
    const answers = computed(() => measured.data && answersOption(measured.data));

    const known = (all) => [
      h('div', { class: 'fields' }, [h(Choice, { label: 'Metric', value: metric.value, options: names.value.map((name) => [name, name]), onChoose: (name) => (chosen.value = name) })]),
      h('div', { class: 'figures' }, [
        h('figure', [
          h('figcaption', [h('strong', { class: 'big-number' }, decimal(all.whole.metrics[metric.value])), h('span', `${metric.value} over all ${counted(all.whole.outcomes, 'outcome')}`)]),
          h(Chart, { option: option.value, label: `${metric.value} over time, ${steps.value.length} steps`, height: '13rem' }),
        ]),
        h('figure', [h('figcaption', [h('strong', 'Answers and outcomes'), h('span', `the last ${count(all.points?.length ?? 0)}`)]), h(Chart, { option: answers.value, label: 'predicted and actual over time', height: '13rem' })]),
        all.whole.confusion?.length > 0 && h('figure', [h('figcaption', [h('strong', 'Confusion'), h('span', 'live')]), h(ConfusionMatrix, { cells: all.whole.confusion })]),
      ]),
    ];

    return () =>
      h(Section, { title: 'Quality', to: to(), query: query(), csv: false }, () =>
        settled(measured, (all) => [
          h('p', { class: 'note' }, `${counted(all.predictions, all.batch ? 'batch prediction' : 'prediction')}${all.version ? ` of version ${all.version}` : ''}; ${counted(all.whole?.outcomes ?? 0, 'outcome')} known.`),
          number(all.whole?.outcomes ?? 0) > 0
            ? known(all)
            : h(Empty, { title: number(all.predictions) > 0 ? 'No outcome has arrived yet' : 'Nothing was predicted in this time' }, () => 'As outcomes arrive, quality shows here.'),
        ]),
      );
  },
};
