// ECharts options of what is monitored.
import { count, decimal, number } from '../../format/number.js';
import { local } from '../../format/time.js';

const HOUR_MS = 3_600_000;

// The whole of the time that was asked for, so that quiet looks quiet.
const timeOf = ({ since, until }) => ({ type: 'time', min: Date.parse(since), max: Date.parse(until) });

// Metrics that lie between none and all.
const SHARES = new Set(['accuracy', 'auc', 'f1', 'precision', 'recall']);

/** A metric step by step; the bound of the definition is a line. */
export function qualityOption(measured, steps, metric, bound) {
  const data = steps.map((step) => [Date.parse(step.since), number(step.metrics?.[metric]), number(step.outcomes)]);
  return (colours) => ({
    tooltip: { trigger: 'axis', formatter: ([{ value }]) => `${local(value[0])}\n${metric} ${decimal(value[1])}\n${count(value[2])} outcomes` },
    xAxis: timeOf(measured),
    yAxis: SHARES.has(metric) ? { type: 'value', min: 0, max: 1 } : { type: 'value', scale: true },
    series: [
      {
        type: 'line',
        data,
        color: colours.inference,
        symbolSize: 6,
        markLine: bound === undefined ? undefined : { silent: true, symbol: 'none', data: [{ yAxis: number(bound) }], lineStyle: { color: colours.bad, type: 'dashed' }, label: { formatter: 'bound', position: 'insideStartTop', color: colours.bad } },
      },
    ],
  });
}

/** Each of the last answers at its time: of classifications its probability, coloured by whether it was right; of numbers beside what came. */
export function answersOption({ points = [], task }) {
  const classified = task === 'classification';
  const at = (point) => Date.parse(point.predictedAt);
  const times = points.map(at);
  const right = points.filter((point) => point.output === point.outcome);
  const wrong = points.filter((point) => point.output !== point.outcome);
  const dots = (chosen) => chosen.map((point) => [at(point), number(point.predicted), point.outcome]);
  return (colours) => ({
    legend: {},
    tooltip: { trigger: 'item', formatter: ({ value, seriesName }) => `${local(value[0])}\n${seriesName} ${decimal(value[1])}${value[2] === undefined ? '' : `\noutcome ${value[2]}`}` },
    xAxis: { type: 'time', min: Math.min(...times) - 1_000, max: Math.max(...times) + 1_000 },
    yAxis: classified ? { type: 'value', min: 0, max: 1 } : { type: 'value', scale: true },
    series: classified
      ? [
          { name: 'right', type: 'scatter', data: dots(right), symbolSize: 5, color: colours.good, itemStyle: { opacity: 0.65 } },
          { name: 'wrong', type: 'scatter', data: dots(wrong), symbolSize: 6, color: colours.bad, itemStyle: { opacity: 0.8 } },
        ]
      : [
          { name: 'predicted', type: 'line', data: points.map((point) => [at(point), number(point.predicted)]), symbol: 'none', color: colours.inference },
          { name: 'actual', type: 'line', data: points.map((point) => [at(point), number(point.outcome)]), symbol: 'none', color: colours.feature },
        ],
  });
}

/** Shares of the bins of a column, as it was learnt and as it is. */
export function driftOption(column) {
  const share = (name) => {
    const sum = column.bins.reduce((total, bin) => total + number(bin[name]), 0) || 1;
    return column.bins.map((bin) => number(bin[name]) / sum);
  };
  return (colours) => ({
    legend: {},
    tooltip: { trigger: 'axis', formatter: (bars) => `${bars[0].name}\n${bars.map((bar) => `${bar.seriesName} ${(100 * bar.value).toFixed(1)} %`).join('\n')}` },
    xAxis: { type: 'category', data: column.bins.map((bin) => bin.label) },
    yAxis: { type: 'value', axisLabel: { formatter: (value) => `${Math.round(100 * value)} %` } },
    series: [
      { name: 'learnt from', type: 'bar', data: share('baseline'), color: colours.training, barGap: '5%' },
      { name: 'now', type: 'bar', data: share('live'), color: colours.inference },
    ],
  });
}

/** Predictions step by step, those of callers and those of batch runs. */
export function trafficOption(measured) {
  const steps = measured.steps ?? [];
  const of = (batch) => {
    const sums = new Map();
    steps.filter((step) => Boolean(step.batch) === batch).forEach((step) => sums.set(step.since, (sums.get(step.since) ?? 0) + number(step.predictions)));
    return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([since, sum]) => [Date.parse(since), sum]);
  };
  return (colours) => ({
    legend: {},
    tooltip: { trigger: 'axis', formatter: (bars) => `${local(bars[0].value[0])}\n${bars.map((bar) => `${bar.seriesName} ${count(bar.value[1])}`).join('\n')}` },
    xAxis: timeOf(measured),
    yAxis: { type: 'value', minInterval: 1 },
    series: [
      { name: 'requests', type: 'bar', stack: 'all', data: of(false), color: colours.inference, barMaxWidth: 18 },
      { name: 'batch', type: 'bar', stack: 'all', data: of(true), color: colours.muted, barMaxWidth: 18 },
    ],
  });
}

/** How long callers waited, stretch by stretch: half of them, 95 % and 99 % of them; on a logarithm's scale. */
export function waitsOption(stretches) {
  const line = (name, of, color) => ({ name, type: 'line', symbolSize: 4, color, data: stretches.map((stretch) => [Date.parse(stretch.since), Math.max(0.01, number(stretch[of]))]) });
  return (colours) => ({
    legend: {},
    tooltip: { trigger: 'axis', formatter: (lines) => `${local(lines[0].value[0])}\n${lines.map((line) => `${line.seriesName} ${decimal(line.value[1], 3)} ms`).join('\n')}` },
    xAxis: { type: 'time', min: ({ max }) => max - HOUR_MS },
    yAxis: { type: 'log', name: 'ms', min: 0.1 },
    series: [line('half', 'p50Millis', colours.inference), line('95 %', 'p95Millis', colours.training), line('99 %', 'p99Millis', colours.bad)],
  });
}
