import { h, computed } from '../../vue.js';
import { Chart } from '../../charts/Chart.js';
import { count, decimal, number } from '../../format/number.js';

/** How far the other version's scores were from the recorded ones, as a histogram. */
export const Differences = {
  props: ['comparison'],
  setup(props) {
    const bins = computed(() => props.comparison.differences ?? []);
    const option = computed(() => {
      const all = bins.value;
      return (colours) => ({
        tooltip: { trigger: 'axis', formatter: ([bar]) => `${bar.name}\n${count(bar.value)} predictions` },
        xAxis: { type: 'category', data: all.map((bin) => `${decimal(bin.from, 2)} to ${decimal(bin.to, 2)}`) },
        yAxis: { type: 'value' },
        series: [{ type: 'bar', data: all.map((bin) => number(bin.count)), color: colours.inference, barCategoryGap: '8%' }],
      });
    });
    return () => bins.value.length > 1 && h(Chart, { option: option.value, height: '12rem', label: `distribution of differences, ${bins.value.length} bins` });
  },
};
