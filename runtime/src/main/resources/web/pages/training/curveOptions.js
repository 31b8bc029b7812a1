// ECharts options of a version's evaluation.
import { decimal, number, short } from '../../format/number.js';

const unit = (name, more = {}) => ({ type: 'value', min: 0, max: 1, interval: 0.25, name, nameLocation: 'middle', nameGap: 26, ...more });
const grid = { left: 22, right: 16, top: 12, bottom: 24, containLabel: true };

const diagonal = (colours) => ({ type: 'line', data: [[0, 0], [1, 1]], symbol: 'none', silent: true, lineStyle: { color: colours.muted, type: 'dashed', width: 1 } });

/** A curve in the unit square; `thresholds` are told on hover. */
export function curveOption(points = [], x, y, [xName, yName], withDiagonal) {
  const data = points.map((point) => [number(point[x]), number(point[y]), number(point.threshold)]);
  return (colours) => ({
    grid,
    tooltip: { trigger: 'axis', formatter: ([{ value }]) => `from ${decimal(value[2], 3)}\n${xName} ${decimal(value[0], 3)}\n${yName} ${decimal(value[1], 3)}` },
    xAxis: unit(xName),
    yAxis: unit(yName, { nameGap: 36 }),
    series: [{ type: 'line', data, symbol: 'none', color: colours.training, areaStyle: { opacity: 0.08 } }, ...(withDiagonal ? [diagonal(colours)] : [])],
  });
}

/** What was said against what came, a point a bin, as large as its rows. */
export function calibrationOption(bins = []) {
  const most = Math.max(1, ...bins.map((bin) => number(bin.rows)));
  const data = bins.map((bin) => [number(bin.meanPredicted), number(bin.observed), number(bin.rows)]);
  return (colours) => ({
    grid,
    tooltip: { trigger: 'item', formatter: ({ value }) => `said ${decimal(value[0], 3)}\ncame ${decimal(value[1], 3)}\n${value[2]} rows` },
    xAxis: unit('predicted'),
    yAxis: unit('observed', { nameGap: 36 }),
    series: [diagonal(colours), { type: 'line', data, color: colours.training, symbol: 'circle', symbolSize: ([, , rows]) => 6 + 12 * Math.sqrt(rows / most) }],
  });
}

export function residualOption(bins) {
  return (colours) => ({
    grid,
    tooltip: { trigger: 'axis', formatter: ([bar]) => `${bar.name}\n${bar.value} rows` },
    xAxis: { type: 'category', data: bins.map((bin) => `${short(number(bin.from))} to ${short(number(bin.to))}`), axisLabel: { interval: Math.ceil(bins.length / 5), formatter: (bin) => bin.replace(/ to .*/, '') } },
    yAxis: { type: 'value' },
    series: [{ type: 'bar', data: bins.map((bin) => number(bin.rows)), color: colours.training, barCategoryGap: '8%' }],
  });
}

export function agreementOption(sample) {
  const data = sample.map((row) => [number(row.actual), number(row.predicted)]);
  const all = data.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return (colours) => ({
    grid,
    tooltip: { trigger: 'item', formatter: ({ value }) => `actual ${decimal(value[0])}\npredicted ${decimal(value[1])}` },
    xAxis: { type: 'value', scale: true, name: 'actual', nameLocation: 'middle', nameGap: 26 },
    yAxis: { type: 'value', scale: true },
    series: [
      { type: 'scatter', data, symbolSize: 5, color: colours.training, itemStyle: { opacity: 0.5 } },
      { type: 'line', data: [[low, low], [high, high]], symbol: 'none', silent: true, lineStyle: { color: colours.muted, type: 'dashed', width: 1 } },
    ],
  });
}
