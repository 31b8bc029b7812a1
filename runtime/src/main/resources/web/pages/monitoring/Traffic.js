import { h, computed } from '../../vue.js';
import { Section } from '../../components/Section.js';
import { Empty, settled } from '../../components/States.js';
import { Terms } from '../../components/Terms.js';
import { Chart } from '../../charts/Chart.js';
import { useMeasured } from './measured.js';
import { trafficOption } from './charts.js';
import { count, number } from '../../format/number.js';
import { duration } from '../../format/time.js';

/** How much is asked, and how fast this node answers. */
export const Traffic = {
  props: ['deployment'],
  setup(props) {
    const { measured, to, query } = useMeasured('traffic', () => props.deployment);
    const option = computed(() => measured.data && trafficOption(measured.data));
    const sum = computed(() => (measured.data?.steps ?? []).reduce((total, step) => total + number(step.predictions), 0));

    return () =>
      h(Section, { title: 'Traffic', to: to(), query: query(), csv: false }, () =>
        settled(measured, (all) =>
          all.steps?.length
            ? [
                h(Chart, { option: option.value, label: `${count(sum.value)} predictions over time, in ${all.steps.length} steps`, height: '13rem' }),
                all.latency && h(Terms, { items: [['Half within', duration(all.latency.p50)], ['99 % within', duration(all.latency.p99)], ['All within', duration(all.latency.max)]] }),
              ]
            : h(Empty, { title: 'Nothing was asked in this time' }),
        ),
      );
  },
};
