import { get, path } from '../../data/client.js';
import { number } from '../../format/number.js';
import { statisticsOf } from '../features/statistics.js';

const CHOICES_MAX = 30;
const NUMERIC = new Set(['int64', 'float64']);

/**
 * What a deployment's version asks: `{ system, entity, deployment, version, outputs, inputs }`, each input
 * `{ feature, type, choices | range: { min, max, step }, start }` as its signature and the statistics of the views say.
 */
export async function questionOf(system, deployment, versionNumber, signal) {
  const model = await get(path('systems', system, 'models', deployment.model), {}, signal);
  const version = model.versions.find((known) => known.number === versionNumber);
  const signature = version.signature;
  const views = [...new Set(signature.inputs.map(({ feature }) => feature.split('.')[0]))];
  const known = Object.fromEntries(
    await Promise.all(
      views.map(async (view) => [view, await get(path('systems', system, 'views', view, 'statistics'), {}, signal).then(statisticsOf).catch(() => ({ byFeature: {} }))]),
    ),
  );
  const inputs = signature.inputs.map(({ feature, type }) => {
    const [view, ...name] = feature.split('.');
    return { feature, type, ...asked(type, known[view].byFeature[name.join('.')]) };
  });
  return { system, entity: signature.entity, deployment: deployment.name, version: versionNumber, outputs: signature.outputs ?? [], task: signature.task, views, inputs };
}

function asked(type, found) {
  if (type === 'bool') {
    return { choices: ['true', 'false'], start: 'true' };
  }
  if (type === 'string' && found?.top?.length) {
    return { choices: found.top.slice(0, CHOICES_MAX).map(({ value }) => String(value)).sort(), start: String(found.top[0].value) };
  }
  if (NUMERIC.has(type) && Number.isFinite(number(found?.min)) && number(found.max) > number(found.min)) {
    return numeric(type, found);
  }
  return {};
}

/** The range that most values are in: outliers would leave the slider no room for the rest. */
function numeric(type, found) {
  const whole = type === 'int64';
  const min = number(whole ? found.min : (found.low ?? found.min));
  const max = number(whole ? found.max : (found.high ?? found.max));
  const step = whole ? 1 : niceStep((max - min) / 100);
  return { range: { min: Math.floor(min / step) * step, max: Math.ceil(max / step) * step, step }, start: String(rounded(number(found.median ?? found.mean ?? min), step)) };
}

const rounded = (value, step) => Number((Math.round(value / step) * step).toPrecision(12));

/** The largest of 1, 2 and 5 times a power of ten that is no larger; of nothing sensible, 1. */
function niceStep(size) {
  if (!(size > 0) || !Number.isFinite(size)) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(size));
  return [5, 2, 1].map((times) => times * power).find((step) => step <= size) ?? power;
}
