// Feature values as protobuf's JSON has them: { float64: 1.5 }, { text: "mr" }, { null: null }, or nothing.
import { decimal } from './number.js';
import { local } from './time.js';

/** The bare value; null where it is missing. */
export function bare(value) {
  if (!value) {
    return null;
  }
  const [kind, held] = Object.entries(value)[0] ?? ['null', null];
  if (kind === 'null') {
    return null;
  }
  return kind === 'int64' || kind === 'float64' ? Number(held) : held;
}

/** As text for people. */
export function shown(value) {
  const held = bare(value);
  if (held === null) {
    return '–';
  }
  if (value.timestamp !== undefined) {
    return local(held);
  }
  return typeof held === 'number' ? decimal(held, 6) : String(held);
}

/** The API's form of a bare value of a feature type; a number that is not one stays missing. */
export function typed(type, held) {
  if (held === null || held === undefined || held === '') {
    return { null: null };
  }
  switch (type) {
    case 'bool':
      return { bool: held === true || held === 'true' };
    case 'int64':
      return { int64: String(Math.round(Number(held))) };
    case 'float64':
      return { float64: Number(held) };
    case 'timestamp':
      return { timestamp: held };
    default:
      return { text: String(held) };
  }
}

/** The feature's bare name. */
export const bareName = (feature) => feature.slice(feature.indexOf('.') + 1);
