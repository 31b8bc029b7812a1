import { h } from '../../vue.js';

/** One of the three: what it does, one figure, one chart, and its pipelines. */
export const Panel = ({ kind, title, does, figure, figureNote }, { slots }) =>
  h('article', { class: ['panel', kind], 'aria-label': `${title} pipeline` }, [
    h('header', [h('h2', title), h('p', does)]),
    h('div', { class: 'panel-figure' }, [h('span', { class: 'big-number' }, [figure]), h('span', { class: 'muted' }, [figureNote])]),
    h('div', { class: 'panel-chart' }, slots.chart?.()),
    slots.default?.(),
  ]);
Panel.props = ['kind', 'title', 'does', 'figure', 'figureNote'];
