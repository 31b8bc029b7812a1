// What stands where data should: it is on its way, there is none, or it could not be had.
import { h } from '../vue.js';

/** Nothing there, and what brings it about. */
export const Empty = ({ title }, { slots }) =>
  h('div', { class: 'empty' }, [h('p', { class: 'empty-title' }, title), slots.default && h('p', slots.default())]);
Empty.props = ['title'];

export const Failure = ({ error, retry }) =>
  h('div', { class: 'failure', role: 'alert' }, [
    h('p', [
      h('strong', error.status === 0 ? 'The node does not answer' : 'This could not be shown'),
      error.status === 0 ? '. As soon as it is back, this page goes on by itself.' : `: ${error.message}`,
      error.field ? [' (', h('code', error.field), ')'] : '',
    ]),
    retry && error.status !== 0 && h('button', { class: 'small', onClick: retry }, 'Try again'),
  ]);
Failure.props = ['error', 'retry'];

export const Loading = ({ lines = 3 }) =>
  h('div', { class: 'loading', role: 'status', 'aria-label': 'loading' }, Array.from({ length: lines }, () => h('span')));
Loading.props = ['lines'];

/** The data of a resource through `render`; until there are any, what stands for them. */
export function settled(resource, render, lines) {
  if (resource.data !== null) {
    return resource.error && resource.error.status !== 0
      ? [h(Failure, { error: resource.error, retry: resource.reload }), render(resource.data)]
      : render(resource.data);
  }
  return resource.error ? h(Failure, { error: resource.error, retry: resource.reload }) : h(Loading, { lines });
}
