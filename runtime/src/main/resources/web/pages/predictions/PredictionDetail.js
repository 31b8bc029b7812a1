import { h, ref } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { Terms } from '../../components/Terms.js';
import { Ago } from '../../components/Ago.js';
import { Contributions } from '../../components/Contributions.js';
import { DataLinks } from '../../components/DataLinks.js';
import { settled } from '../../components/States.js';
import { FeatureVector } from '../features/FeatureVector.js';
import { Replayed } from './Replayed.js';
import { explanationOf } from '../tryit/Answer.js';
import { decimal, percent } from '../../format/number.js';
import { shown } from '../../format/value.js';

/** One prediction: what went in, what came out and why, what became true, and whether it can be computed again. */
export const PredictionDetail = {
  props: ['id'],
  setup(props) {
    const to = () => path('predictions', props.id);
    const detail = useResource((signal) => get(to(), {}, signal), to);
    const replaying = ref(false);

    const scores = (prediction) => {
      const all = Object.entries(prediction.scores ?? {});
      return all.length > 1 ? all.map(([outcome, score]) => `${outcome} ${percent(score)}`).join(' · ') : decimal(prediction.output, 8);
    };

    return () =>
      h('div', { class: 'prediction' }, [
        settled(detail, (prediction) => {
          const explained = explanationOf(prediction);
          const values = Object.fromEntries((prediction.features ?? []).map((feature) => [feature.feature, shown(feature.value)]));
          return [
            h(Terms, {
              items: [
                ['Id', h('code', prediction.id)],
                ['Predicted', h(Ago, { at: prediction.predicted, full: true })],
                ['As of', h(Ago, { at: prediction.asOf, full: true })],
                ['Answer', prediction.output],
                ['Scores', scores(prediction)],
                ['Outcome', prediction.outcome?.value ?? 'not known yet'],
              ],
            }),
            h('div', { class: 'row' }, [
              h('button', { class: 'main', 'data-replay': prediction.id, onClick: () => (replaying.value = true) }, 'Replay'),
              h(DataLinks, { to: to(), csv: false }),
            ]),
            replaying.value && h(Replayed, { id: prediction.id }),
            h('div', { class: 'columns' }, [
              prediction.features?.length > 0 && h('div', [h('h3', 'What went in'), h(FeatureVector, { vector: { key: prediction.key, values: prediction.features } })]),
              explained && h('div', [h('h3', `What speaks for “${explained.outcome}”`), h(Contributions, { base: explained.base, byFeature: explained.byFeature, values })]),
            ]),
          ];
        }),
      ]);
  },
};
