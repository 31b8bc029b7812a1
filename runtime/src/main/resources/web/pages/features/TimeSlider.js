import { h, computed } from '../../vue.js';
import { local, utc } from '../../format/time.js';

/**
 * Chooses a time among those at which something changed. Its stops are the moment before the first of `times`, each of
 * them, and now; `value` is empty for now.
 */
export const TimeSlider = {
  props: ['name', 'hint', 'times', 'value'],
  emits: ['choose'],
  setup(props, { emit }) {
    const stops = computed(() => {
      const sorted = [...new Set(props.times)].sort();
      return sorted.length ? [before(sorted[0]), ...sorted] : [];
    });
    const place = computed(() => {
      const at = props.value ? stops.value.findIndex((stop) => Date.parse(stop) >= Date.parse(props.value)) : -1;
      return at < 0 ? stops.value.length : at;
    });
    const choose = (moved) => emit('choose', stops.value[Number(moved.target.value)] ?? '');
    const said = () => (props.value ? local(props.value) : 'now');

    return () =>
      h('label', { class: 'time-slider' }, [
        h('span', [h('strong', props.name), ` (${props.hint}): `, h('time', { title: props.value ? utc(props.value) : '' }, said()), place.value === 0 && props.value ? ', before everything' : '']),
        h('input', { type: 'range', min: 0, max: stops.value.length, step: 1, value: place.value, disabled: stops.value.length === 0, 'aria-valuetext': said(), onInput: choose }),
      ]);
  },
};

const before = (time) => new Date(Date.parse(time) - 1_000).toISOString();
