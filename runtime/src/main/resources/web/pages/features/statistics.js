// The API's statistics of a view, in the shape that the pages draw.
import { number } from '../../format/number.js';

/** `{ keys, newest, ingested, byFeature: { name: { rows, nulls, distinct, min, median, mean, max, low, high, bins, top } } }` */
export function statisticsOf(answer) {
  const byFeature = {};
  for (const { feature, count, nulls, distinct, numbers, categories } of answer.features ?? []) {
    const rows = number(count) + number(nulls);
    byFeature[feature.slice(feature.indexOf('.') + 1)] = { rows, nulls, distinct, ...numeric(numbers), top: (categories ?? []).map((one) => ({ value: one.value, count: number(one.count) })) };
  }
  return { keys: answer.keys, newest: answer.newestEventTime, ingested: answer.newestIngestTime, byFeature };
}

function numeric(numbers) {
  if (!numbers) {
    return {};
  }
  const at = (p) => numbers.quantiles?.find((quantile) => quantile.p === p)?.value;
  return {
    min: numbers.min,
    mean: numbers.mean,
    max: numbers.max,
    median: at(0.5),
    low: at(0.01),
    high: at(0.99),
    bins: (numbers.histogram ?? []).map((bin) => ({ from: bin.from, to: bin.to, count: number(bin.count) })),
  };
}
