import { h, computed } from '../../vue.js';
import { Section } from '../../components/Section.js';
import { Empty, settled } from '../../components/States.js';
import { Chart } from '../../charts/Chart.js';
import { useMeasured } from './measured.js';
import { trafficOption, waitsOption } from './charts.js';
import { count, decimal, number } from '../../format/number.js';

/** How much is asked, and how fast this node answers. */
export const Traffic = {
  props: ['deployment'],
  setup(props) {
    const { measured, to, query } = useMeasured('traffic', () => props.deployment);
    const option = computed(() => measured.data && trafficOption(measured.data));
    const times = computed(() => measured.data?.answerTimes ?? []);
    const waits = computed(() => waitsOption(times.value));
    const sum = computed(() => (measured.data?.steps ?? []).reduce((total, step) => total + number(step.predictions), 0));

    return () =>
      h(Section, { title: 'Traffic', to: to(), query: query(), csv: false }, () =>
        settled(measured, (all) =>
          all.steps?.length
            ? [
                h(Chart, { option: option.value, label: `${count(sum.value)} predictions over time, in ${all.steps.length} steps`, height: '13rem' }),
                times.value.length > 0 &&
                  h('figure', { class: 'below-chart' }, [
                    h('figcaption', [h('strong', 'How long callers waited'), h('span', `since this node was started, an hour at most; the last half within ${decimal(times.value.at(-1).p50Millis, 3)} ms`)]),
                    h(Chart, { option: waits.value, label: 'time until an answer, in milliseconds', height: '12rem' }),
                  ]),
              ]
            : h(Empty, { title: 'Nothing was asked in this time' }),
        ),
      );
  },
};
