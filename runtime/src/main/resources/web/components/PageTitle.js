import { h } from '../vue.js';

/** What this page is, in a line. */
export const PageTitle = ({ title, lead }, { slots }) =>
  h('header', { class: 'page-title' }, [h('div', [h('h1', title), lead && h('p', lead)]), slots.default && h('div', { class: 'row' }, slots.default())]);
PageTitle.props = ['title', 'lead'];
