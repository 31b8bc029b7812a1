import { h } from '../vue.js';

// When somebody could first do something, for those who measure it.
const interactive = () => performance.mark('interactive');

/** What this page is, in a line. */
export const PageTitle = ({ title, lead }, { slots }) =>
  h('header', { class: 'page-title', onVnodeMounted: interactive }, [h('div', [h('h1', title), lead && h('p', lead)]), slots.default && h('div', { class: 'row' }, slots.default())]);
PageTitle.props = ['title', 'lead'];
