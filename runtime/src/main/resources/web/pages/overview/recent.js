import { get, path } from '../../data/client.js';

const MINUTES = 30;
const MOST = 2_000;

/**
 * How many predictions each of the last 30 minutes had, oldest first, and when the last one was; up to 2,000 of them are
 * looked at.
 */
export async function recentPredictions(system, signal) {
  const to = path('systems', system, 'predictions');
  const since = new Date(Date.now() - MINUTES * 60_000).toISOString();
  const recent = (await get(to, { since, limit: MOST, newest_first: true }, signal)).predictions ?? [];
  const last = recent.length ? recent : ((await get(to, { limit: 1, newest_first: true }, signal)).predictions ?? []);
  const perMinute = new Array(MINUTES).fill(0);
  for (const { predicted } of recent) {
    const minutes = Math.floor((Date.now() - Date.parse(predicted)) / 60_000);
    perMinute[MINUTES - 1 - Math.max(0, Math.min(MINUTES - 1, minutes))]++;
  }
  return { perMinute, last: last.reduce((newest, { predicted }) => (!newest || predicted > newest ? predicted : newest), null) };
}
