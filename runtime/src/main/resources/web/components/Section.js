import { h } from '../vue.js';
import { DataLinks } from './DataLinks.js';

/** A titled part of a page; `to` and `query` name the call behind it. */
export const Section = ({ title, note, to, query, csv = true, wide }, { slots }) =>
  h('section', { class: ['part', { wide }] }, [
    h('header', [h('h2', title), slots.actions?.(), to && h(DataLinks, { to, query, csv })]),
    note && h('p', { class: 'note' }, note),
    slots.default?.(),
  ]);
Section.props = ['title', 'note', 'to', 'query', 'csv', 'wide'];
