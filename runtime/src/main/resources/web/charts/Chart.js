import { h, ref, watch, onMounted, onBeforeUnmount } from '../vue.js';
import { theme } from '../shell/theme.js';
import { palette } from './palette.js';
import { short } from '../format/number.js';

let library = null;
// A megabyte: only once a chart is on the page.
const loadLibrary = () => (library ??= import('/webjars/echarts/5.3.1/dist/echarts.esm.min.js'));

/**
 * An ECharts chart. `option(colours)` gives ECharts' option; `label` says in words what it shows; `height` in CSS.
 * Tooltips are drawn on the canvas: as HTML they would need inline styles, which the Content-Security-Policy forbids, and
 * names would have to be escaped.
 */
export const Chart = {
  props: ['option', 'label', 'height', 'onSelect'],
  setup(props) {
    const place = ref(null);
    let chart = null;
    let gone = false;
    let observer = null;

    function draw() {
      if (chart) {
        const colours = palette();
        chart.setOption({ ...dressed(colours), ...merged(props.option(colours), colours) }, true);
      }
    }

    onMounted(async () => {
      const echarts = await loadLibrary();
      if (gone) {
        return;
      }
      chart = echarts.init(place.value, null, { renderer: 'canvas' });
      chart.on('click', (clicked) => props.onSelect?.(clicked));
      observer = new ResizeObserver(() => chart.resize());
      observer.observe(place.value);
      draw();
      place.value.dataset.drawn = 'true';
    });
    watch(() => [props.option, theme.value], draw);
    onBeforeUnmount(() => {
      gone = true;
      observer?.disconnect();
      chart?.dispose();
    });
    return () => h('div', { class: 'chart', ref: place, role: 'img', 'aria-label': props.label, style: { height: props.height ?? '16rem' } });
  },
};

const wantsNoMotion = matchMedia('(prefers-reduced-motion: reduce)');
const NUMERIC = new Set(['value', 'log']);
const FONT = '"Inter", system-ui, sans-serif';

function dressed(colours) {
  return {
    backgroundColor: 'transparent',
    animation: !wantsNoMotion.matches,
    animationDuration: 250,
    textStyle: { fontFamily: FONT, color: colours.soft },
    grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
  };
}

function merged(option, colours) {
  const axis = (given) => ({
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: { color: colours.muted, fontSize: 11, hideOverlap: true, ...(NUMERIC.has(given.type) && { formatter: short }), ...given.axisLabel },
    splitLine: { lineStyle: { color: colours.line } },
    nameTextStyle: { color: colours.muted, fontSize: 11 },
    ...without(given, 'axisLabel'),
  });
  const each = (axes) => (axes === undefined ? undefined : [axes].flat().map(axis));
  return {
    ...option,
    xAxis: each(option.xAxis),
    yAxis: each(option.yAxis),
    legend: option.legend && { textStyle: { color: colours.soft, fontSize: 12 }, icon: 'roundRect', itemWidth: 14, itemHeight: 4, top: 0, ...option.legend },
    tooltip: option.tooltip && {
      renderMode: 'richText',
      confine: true,
      backgroundColor: colours.ink,
      borderWidth: 0,
      textStyle: { color: colours.paper, fontSize: 12, fontFamily: FONT },
      ...option.tooltip,
    },
  };
}

function without(object, key) {
  const { [key]: left, ...others } = object;
  return others;
}
