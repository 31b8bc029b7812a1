import { h } from '../vue.js';

const LOOKS = {
  RUNNING: ['busy', 'running'],
  COMPLETED: ['good', 'completed'],
  FAILED: ['bad', 'failed'],
  CANCELLED: ['idle', 'cancelled'],
  PRESENT: ['good', 'present'],
  NULL_VALUE: ['idle', 'null'],
  NOT_FOUND: ['idle', 'not found'],
  OUTSIDE_MAX_AGE: ['warn', 'outside max age'],
  ERASED: ['bad', 'erased'],
};

/** A state in a word and a colour; `of` is an enum's name, or `look` and `text` are given. */
export const Badge = ({ of, look, text }) => {
  const [found, word] = LOOKS[of] ?? ['idle', String(of ?? '').toLowerCase().replaceAll('_', ' ')];
  return h('span', { class: ['badge', look ?? found] }, text ?? word);
};
Badge.props = ['of', 'look', 'text'];
