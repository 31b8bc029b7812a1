// Numbers as the API writes them: int64 as text, and NaN and the infinities by name.

const SMALL = 1e-4;
const LARGE = 1e9;
const CROWDED = 1e4;
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });

/** A number from JSON. */
export const number = (value) => (value === undefined || value === null || value === '' ? NaN : Number(value));

/** Whole numbers in full, others to so many significant digits; the very large and small with an exponent. */
export function decimal(value, digits = 4) {
  const x = number(value);
  if (Number.isNaN(x)) {
    return 'NaN';
  }
  if (!Number.isFinite(x)) {
    return x > 0 ? '∞' : '−∞';
  }
  const size = Math.abs(x);
  if (size >= LARGE || (size > 0 && size < SMALL)) {
    return x.toExponential(2).replace('-', '−').replace('e+', 'e');
  }
  if (Number.isInteger(x)) {
    return x.toLocaleString('en').replace('-', '−');
  }
  const places = Math.max(0, Math.min(10, digits - 1 - Math.floor(Math.log10(size))));
  return x.toLocaleString('en', { maximumFractionDigits: places }).replace('-', '−');
}

/** As short as fits below an axis: 14M for 14,000,000. */
export function short(value) {
  const size = Math.abs(value);
  return size >= CROWDED && size < LARGE ? SHORT.format(value).replace('-', '−') : decimal(value);
}

/** A count. */
export const count = (value) => decimal(Math.round(number(value) || 0));

/** A count and its noun. */
export const counted = (value, noun, many = `${noun}s`) => `${count(value)} ${number(value) === 1 ? noun : many}`;

/** A share in [0, 1] as percent. */
export function percent(share, places = 1) {
  const x = number(share);
  return Number.isFinite(x) ? `${(100 * x).toFixed(places)} %` : '–';
}

/** With its sign, for contributions. */
export function signed(value) {
  const x = number(value);
  return (x > 0 ? '+' : '') + (Math.abs(x) < 1000 ? x.toFixed(3).replace('-', '−') : decimal(x, 3));
}

export function bytes(value) {
  const x = number(value);
  const power = x < 1 ? 0 : Math.min(4, Math.floor(Math.log10(x) / 3));
  return `${decimal(x / 1000 ** power, 3)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}
