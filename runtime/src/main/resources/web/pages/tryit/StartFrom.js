import { h, ref, watch } from '../../vue.js';
import { get, path, post } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { route } from '../../shell/route.js';
import { bare } from '../../format/value.js';

const KEYS = 200;
const PRESETS = 5;

/** Fills the form with what is known of a key; emits `filled` with values by feature, and the key. */
export const StartFrom = {
  props: ['question', 'presets'],
  emits: ['filled'],
  setup(props, { emit }) {
    const typed = ref(route.query.key ?? '');
    const problem = ref('');
    const keys = useResource(
      async (signal) => (await get(path('systems', props.question.system, 'views', props.question.views[0], 'keys'), { limit: KEYS }, signal)).keys ?? [],
      () => props.question.views[0],
    );

    async function fill(key) {
      problem.value = '';
      typed.value = key;
      try {
        const answer = await post(path('systems', props.question.system, 'entities', props.question.entity, 'features', ':read'), { keys: [key], features: props.question.inputs.map(({ feature }) => feature) });
        const values = answer.vectors[0].values;
        if (values.every((value) => value.status === 'NOT_FOUND')) {
          problem.value = `Nothing is known of ${key}.`;
          return;
        }
        emit('filled', Object.fromEntries(values.map((value) => [value.feature, bare(value.value)])), key);
      } catch (failure) {
        problem.value = failure.message;
      }
    }

    // A link that names a key alone, or nothing, starts from what is known.
    watch(
      () => props.presets,
      (presets) => {
        const bareLink = props.question.inputs.every(({ feature }) => !(feature in route.query));
        const key = route.query.key || presets[0]?.key;
        if (bareLink && key) {
          fill(key);
        }
      },
      { immediate: true },
    );

    const examples = () => (props.presets.length ? props.presets : (keys.data ?? []).slice(0, PRESETS).map((key) => ({ key, name: key })));

    return () => [
      h('div', { class: 'tabs presets', role: 'toolbar', 'aria-label': 'examples' }, examples().map(({ key, name, title }) =>
        h('button', { type: 'button', title: title ?? key, 'aria-pressed': route.query.key === key, onClick: () => fill(key) }, name),
      )),
      h('form', { class: 'fields', onSubmit: (submitted) => (submitted.preventDefault(), fill(typed.value.trim())) }, [
        h('label', { class: 'wide' }, [`Start from a ${props.question.entity}`, h('input', { list: 'try-keys', value: typed.value, autocomplete: 'off', onInput: (input) => (typed.value = input.target.value) })]),
        h('datalist', { id: 'try-keys' }, (keys.data ?? []).map((key) => h('option', { value: key }))),
        h('button', { type: 'submit' }, 'Fill in'),
      ]),
      problem.value && h('p', { class: 'problem', role: 'alert' }, problem.value),
    ];
  },
};
