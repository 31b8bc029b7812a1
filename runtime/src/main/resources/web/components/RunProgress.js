import { h } from '../vue.js';
import { count, number } from '../format/number.js';

/** How far a run is: a bar, its phase, and the numbers where they are known. */
export const RunProgress = ({ run }) => {
  const total = number(run.total);
  const done = number(run.done);
  const known = total > 0;
  return h('div', { class: 'run-progress' }, [
    h('progress', { 'aria-label': `progress of ${run.pipeline}`, ...(known ? { max: total, value: done } : {}) }),
    h('small', [run.phase || 'starting', known ? ` · ${count(done)} of ${count(total)}` : done > 0 ? ` · ${count(done)}` : '']),
  ]);
};
RunProgress.props = ['run'];
