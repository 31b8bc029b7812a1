import { h } from '../vue.js';

/** Names and what they are: `items` is [[name, content], ...]; entries that are false are left out. */
export const Terms = ({ items }) =>
  h(
    'dl',
    { class: 'terms' },
    items.filter(Boolean).map(([name, content]) => h('div', [h('dt', name), h('dd', [content])])),
  );
Terms.props = ['items'];
