// Small charts of a panel or a table row, as SVG: no library, and coloured by the style sheet.
import { h } from '../vue.js';

const WIDTH = 240;
const GAP = 2;
// A few values are a few bars at the right end, and not blocks.
const SLOTS_MIN = 24;

/** Bars from the bottom. `values` are numbers; `marks[i]`, where given, is a class of bar i; `titles[i]` its hover. */
export const SparkBars = ({ values, marks = [], titles = [], label, height = 56, slots = SLOTS_MIN }) => {
  const most = Math.max(1e-9, ...values);
  const step = WIDTH / Math.max(values.length, slots);
  const before = Math.max(0, slots - values.length);
  return h(
    'svg',
    { class: 'spark', viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    values.map((value, i) => {
      const tall = value > 0 ? Math.max(2, (value / most) * (height - 2)) : 1;
      return h('rect', { x: (before + i) * step + GAP / 2, y: height - tall, width: Math.max(0.5, step - GAP), height: tall, rx: 1.5, class: marks[i] ?? (value > 0 ? '' : 'none') }, [
        titles[i] && h('title', titles[i]),
      ]);
    }),
  );
};
SparkBars.props = ['values', 'marks', 'titles', 'label', 'height', 'slots'];

/** A line through `values`, over a range of its own; `against`, where given, is a level drawn dashed. */
export const SparkLine = ({ values, against, label, height = 56 }) => {
  const all = [...values, ...(against === undefined ? [] : [against])].filter(Number.isFinite);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = (high - low || Math.abs(high) || 1) * 0.15;
  const y = (value) => height - 4 - ((value - low + room) / (high - low + 2 * room || 1)) * (height - 8);
  const x = (i) => (values.length === 1 ? WIDTH / 2 : 6 + (i * (WIDTH - 12)) / (values.length - 1));
  const points = values.map((value, i) => [x(i), y(value)]).filter(([, at]) => Number.isFinite(at));
  return h('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label }, [
    against !== undefined && Number.isFinite(against) && h('line', { x1: 0, x2: WIDTH, y1: y(against), y2: y(against), class: 'against' }),
    h('polyline', { points: points.map((point) => point.join(',')).join(' ') }),
    // Points as lines of no length: circles would be stretched with the chart.
    points.map(([x1, y1], i) => (points.length < 25 || i === points.length - 1) && h('path', { class: 'point', d: `M${x1} ${y1}h0` })),
  ]);
};
SparkLine.props = ['values', 'against', 'label', 'height'];
