// Times in the viewer's zone; the exact instant in UTC is a hover away.
import { ref } from '../vue.js';

/** This moment, in milliseconds, every second. */
export const now = ref(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 1_000);

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** Milliseconds since the epoch, of an RFC 3339 text; null of none. */
export const millis = (instant) => (instant ? Date.parse(instant) : null);

/** Day and clock in the viewer's zone. */
export function local(instant) {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? String(instant) : `${day.format(at)}, ${clock.format(at)}`;
}

/** As UTC, for the hover. */
export const utc = (instant) => `${String(instant).replace('T', ' ').replace(/Z$/, '')} UTC`;

/** How long ago, or until. */
export function relative(instant, from = now.value) {
  const apart = Math.round((from - Date.parse(instant)) / 1000);
  if (Math.abs(apart) < 2) {
    return 'now';
  }
  return apart > 0 ? `${span(apart)} ago` : `in ${span(-apart)}`;
}

/** A number of seconds, in its largest unit that says it well. */
export function span(seconds) {
  if (seconds < 1) {
    return `${Math.round(seconds * 1000)} ms`;
  }
  const units = [
    [86_400 * 365, 'y'],
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const [size, name] = units.find(([least]) => seconds >= least);
  const whole = seconds / size;
  return `${whole < 10 && size === 1 ? whole.toFixed(seconds % 1 ? 1 : 0) : Math.round(whole)} ${name}`;
}

/** Seconds between two instants. */
export const secondsBetween = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;

/** A protobuf duration such as `3600s`, as people say it. */
export const duration = (text) => span(parseFloat(text));
