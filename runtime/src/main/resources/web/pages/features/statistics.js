// The API's statistics of a view, in the shape that the pages draw.
import { number } from '../../format/number.js';

/** `{ keys, newest, ingested, byFeature: { name: { rows, nulls, distinct, min, median, mean, max, low, high, bins, top } } }` */
export function statisticsOf(answer) {
  const byFeature = {};
  for (const feature of answer.features ?? []) {
    const numeric = feature.numeric ?? {};
    byFeature[feature.name] = { rows: number(feature.rows), nulls: number(feature.nulls), distinct: feature.distinct, ...numeric };
  }
  return { keys: answer.keys, newest: answer.newestEvent, ingested: answer.lastIngest, byFeature };
}
