import { h, reactive } from '../../vue.js';
import { path } from '../../data/client.js';
import { useStream } from '../../data/streaming.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Badge } from '../../components/Badge.js';
import { Failure } from '../../components/States.js';
import { count } from '../../format/number.js';

const TOLD_MAX = 20;

/** Computes every prediction on record again, and counts. */
export const ReplayAll = {
  setup() {
    const tally = reactive({ done: 0, identical: 0, erased: 0, different: [] });
    const replay = useStream((result) => {
      tally.done++;
      tally.identical += result.identical ? 1 : 0;
      tally.erased += result.erased ? 1 : 0;
      if (!result.identical && !result.erased && tally.different.length < TOLD_MAX) {
        tally.different.push(result);
      }
    });
    const to = () => path('systems', route.system, 'replay');
    const start = () => {
      Object.assign(tally, { done: 0, identical: 0, erased: 0, different: [] });
      replay.start(to(), {});
    };
    const sound = () => tally.identical + tally.erased === tally.done;

    return () =>
      h(Section, { title: 'Replay', to: to(), note: 'Each recorded prediction is computed again from the journal and its version, and compared bit by bit.' }, () => [
        h('div', { class: 'row' }, [
          h('button', { class: 'main', disabled: replay.running, onClick: start }, 'Replay all'),
          replay.running && h('button', { class: 'quiet', onClick: replay.stop }, 'Stop'),
        ]),
        (replay.running || tally.done > 0) &&
          h('p', { role: 'status', class: 'verdict' }, [
            h('span', { class: 'big-number' }, count(tally.done)),
            ' replayed, ',
            h(Badge, { look: sound() ? 'good' : 'bad', text: `${count(tally.identical)} identical` }),
            tally.erased > 0 && [' ', h(Badge, { look: 'warn', text: `${count(tally.erased)} erased` })],
          ]),
        replay.error && h(Failure, { error: replay.error }),
        tally.different.length > 0 && h('ul', tally.different.map((one) => h('li', { class: 'bad-text' }, `${one.id}: ${one.problem || 'differs'}`))),
      ]);
  },
};
