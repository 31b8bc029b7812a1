import { h } from '../vue.js';
import { local, relative, utc } from '../format/time.js';

/** An instant: how long ago, or with `full` the day and clock here; in UTC on hover. */
export const Ago = ({ at, full }) =>
  at ? h('time', { datetime: at, title: full ? utc(at) : `${local(at)} (${utc(at)})` }, full ? local(at) : relative(at)) : '–';
Ago.props = ['at', 'full'];
