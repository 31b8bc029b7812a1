import { h, ref, onMounted } from '../../vue.js';
import { path, stream } from '../../data/client.js';
import { route } from '../../shell/route.js';
import { Badge } from '../../components/Badge.js';
import { Failure, Loading } from '../../components/States.js';
import { number } from '../../format/number.js';

/** One prediction computed again from the journal, its bits beside those on record. */
export const Replayed = {
  props: ['id'],
  setup(props) {
    const result = ref(null);
    const error = ref(null);
    onMounted(async () => {
      try {
        for await (const one of stream(path('systems', route.system, 'replay'), { id: props.id })) {
          result.value = one;
        }
      } catch (failure) {
        error.value = failure;
      }
    });

    const verdict = (one) => {
      if (one.erased) {
        return h(Badge, { look: 'warn', text: 'erased: nobody can compute it again' });
      }
      return one.problem ? h('span', { class: 'bad-text' }, one.problem) : h(Badge, { look: one.identical ? 'good' : 'bad', text: one.identical ? 'identical to the bit' : 'differs' });
    };

    return () =>
      error.value
        ? h(Failure, { error: error.value })
        : !result.value
          ? h(Loading, { lines: 2 })
          : h('div', { class: 'replayed', role: 'status' }, [
              h('p', ['Computed again with version ', result.value.version, ': ', verdict(result.value)]),
              h('table', [
                h('caption', { class: 'unseen' }, 'recorded and replayed bits'),
                h('thead', [h('tr', ['', 'Recorded', 'Replayed'].map((name) => h('th', { scope: 'col' }, name)))]),
                h('tbody', (result.value.recorded ?? []).map((recorded, i) => h('tr', [h('td', `output ${i + 1}`), bits(recorded), bits(result.value.replayed?.[i])]))),
              ]),
            ]);
  },
};

const bits = (value) => h('td', value === undefined ? '–' : [h('code', hex(number(value))), h('small', { class: 'muted' }, ` ${number(value)}`)]);

/** The 64 bits of a double, in hex. */
function hex(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}
