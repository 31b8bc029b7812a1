import { h } from '../vue.js';

/** A hash, its first digits; all of it on hover. */
export const Hash = ({ of, digits = 12 }) => (of ? h('code', { class: 'hash', title: of }, of.slice(0, digits)) : '–');
Hash.props = ['of', 'digits'];
