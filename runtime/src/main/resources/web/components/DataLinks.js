import { h } from '../vue.js';
import { address } from '../data/client.js';

/** Where what is shown comes from: the call, as JSON and, of lists, as CSV. */
export const DataLinks = ({ to, query = {}, csv = true }) =>
  h('span', { class: 'data-links' }, [
    h('a', { href: address(to, query), target: '_blank', rel: 'noopener' }, 'JSON'),
    csv && h('a', { href: address(to, { ...query, format: 'csv' }), target: '_blank', rel: 'noopener' }, 'CSV'),
  ]);
DataLinks.props = ['to', 'query', 'csv'];
