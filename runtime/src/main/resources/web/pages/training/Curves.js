import { h, ref, computed } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Choice } from '../../components/Choice.js';
import { Empty, settled } from '../../components/States.js';
import { Chart } from '../../charts/Chart.js';
import { curveOption, calibrationOption, residualOption, agreementOption } from './curveOptions.js';
import { counted, decimal } from '../../format/number.js';

const NOT_KEPT = new Set([400, 404]);

/** The curves of a version over the rows that were held out. */
export const Curves = {
  props: ['model', 'version'],
  setup(props) {
    const to = () => path('systems', route.system, 'models', props.model, 'versions', props.version, 'evaluation');
    const evaluation = useResource((signal) => get(to(), {}, signal).catch(absent), to);
    const chosen = ref('');
    const outcome = computed(() => {
      const all = evaluation.data?.outcomes ?? [];
      return all.find((known) => known.outcome === chosen.value) ?? all[0];
    });
    const roc = computed(() => outcome.value && curveOption(outcome.value.roc, 'falsePositiveRate', 'truePositiveRate', ['false positives', 'true positives'], true));
    const precision = computed(() => outcome.value && curveOption(outcome.value.precisionRecall, 'recall', 'precision', ['recall', 'precision'], false));
    const calibration = computed(() => outcome.value && calibrationOption(outcome.value.calibration));
    const residuals = computed(() => evaluation.data && residualOption(evaluation.data.residuals ?? []));
    const agreement = computed(() => evaluation.data && agreementOption(evaluation.data.sample ?? []));

    const figure = (title, note, option, label) => h('figure', [h('figcaption', [h('strong', title), h('span', note)]), h(Chart, { option, label, height: '15rem' })]);

    const classified = (all) => [
      all.outcomes.length > 1 && h('div', { class: 'fields' }, [h(Choice, { label: 'Outcome', value: outcome.value.outcome, options: all.outcomes.map(({ outcome: name }) => [name, name]), onChoose: (name) => (chosen.value = name) })]),
      h('div', { class: 'figures' }, [
        figure('ROC', `area ${decimal(outcome.value.rocArea)}`, roc.value, `ROC curve of ${outcome.value.outcome}, area ${decimal(outcome.value.rocArea)}`),
        figure('Precision and recall', `average precision ${decimal(outcome.value.averagePrecision)}`, precision.value, `precision over recall of ${outcome.value.outcome}`),
        figure('Calibration', 'what was said, and what came', calibration.value, `calibration of ${outcome.value.outcome}`),
      ]),
    ];
    const numeric = (all) =>
      h('div', { class: 'figures' }, [
        all.residuals?.length > 0 && figure('Residuals', 'predicted − actual', residuals.value, 'histogram of residuals'),
        all.sample?.length > 0 && figure('Predicted against actual', counted(all.sample.length, 'row'), agreement.value, 'predicted against actual'),
      ]);

    return () =>
      h(Section, { title: 'Curves', to: to(), csv: false }, () =>
        settled(evaluation, (all) => {
          if (all.absent) {
            return h(Empty, { title: 'No evaluation is kept of this version' }, () => 'Versions trained from now on have one.');
          }
          return [h('p', { class: 'note' }, `Over ${counted(all.rows, 'row')} that were held out, taken together. With folds, the metrics above are means over the folds.`), outcome.value ? classified(all) : numeric(all)];
        }),
      );
  },
};

function absent(failure) {
  if (NOT_KEPT.has(failure.status)) {
    return { absent: true };
  }
  throw failure;
}
