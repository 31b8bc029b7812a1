import { number } from './number.js';

const FIRST = ['accuracy', 'rmse', 'mae', 'r2'];
const LESS_IS_BETTER = /loss|error|rmse|mae|mape|mse|brier/;

/** The metric that says most to people, of those there are. */
export const headline = (metrics) => FIRST.find((name) => name in (metrics ?? {})) ?? Object.keys(metrics ?? {}).sort()[0];

export const lessIsBetter = (metric) => LESS_IS_BETTER.test(metric);

/** `{ name, value }` of the best trivial rule by a metric, or undefined. */
export function bestBaseline(version, metric) {
  const sign = lessIsBetter(metric) ? -1 : 1;
  return Object.entries(version?.baselineMetrics ?? {})
    .map(([name, metrics]) => ({ name, value: number(metrics.values?.[metric]) }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => sign * (b.value - a.value))[0];
}
