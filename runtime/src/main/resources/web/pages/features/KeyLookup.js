import { h, ref, computed, watch } from '../../vue.js';
import { get, path, post } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { isRunEnded } from '../../data/events.js';
import { route, href, setQuery } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { settled } from '../../components/States.js';
import { TimeSlider } from './TimeSlider.js';
import { FeatureVector } from './FeatureVector.js';
import { KeyHistory } from './KeyHistory.js';

const SUGGESTED = 200;
const HISTORY = 1_000;

/** One key: its features as of any time and as known at any time, and everything that was ever written of it. */
export const KeyLookup = {
  props: ['view', 'views'],
  setup(props) {
    const typed = ref(route.query.key ?? '');
    const key = computed(() => route.query.key || keys.data?.[0] || '');
    const mates = computed(() => props.views.filter((view) => view.entity === props.view.entity));
    const at = (...segments) => path('systems', route.system, ...segments);

    const keys = useResource(async (signal) => (await get(at('views', props.view.name, 'keys'), { limit: SUGGESTED }, signal)).keys ?? [], () => [route.system, props.view.name]);
    const histories = useResource(
      async (signal) => {
        if (!key.value) {
          return [];
        }
        return Promise.all(
          mates.value.map(async (view) => ({
            view,
            rows: (await get(at('views', view.name, 'keys', key.value, 'history'), { limit: HISTORY }, signal)).rows ?? [],
          })),
        );
      },
      () => [key.value, props.view.entity],
      isRunEnded,
    );
    const vector = useResource(
      async (signal) =>
        key.value
          ? (
              await post(
                at('entities', props.view.entity, 'features', ':read'),
                {
                  keys: [key.value],
                  features: mates.value.map((view) => view.name),
                  ...(route.query.asOf ? { asOf: route.query.asOf } : {}),
                  ...(route.query.knownAt ? { knownAt: route.query.knownAt } : {}),
                },
                signal,
              )
            ).vectors?.[0]
          : null,
      () => [key.value, props.view.entity, route.query.asOf, route.query.knownAt],
      isRunEnded,
    );

    watch(key, (now) => (typed.value = now), { immediate: true });

    const look = (submitted) => {
      submitted.preventDefault();
      setQuery({ key: typed.value.trim(), asOf: '', knownAt: '' }, true);
    };
    const times = (of) => (histories.data ?? []).flatMap(({ rows }) => rows.map((row) => row[of]));

    const lookup = () =>
      h('form', { class: 'fields', onSubmit: look }, [
        h('label', { class: 'wide' }, [
          `Key of a ${props.view.entity}`,
          h('input', { type: 'search', list: 'known-keys', value: typed.value, name: 'key', autocomplete: 'off', onInput: (input) => (typed.value = input.target.value) }),
        ]),
        h('datalist', { id: 'known-keys' }, (keys.data ?? []).map((known) => h('option', { value: known }))),
        h('button', { type: 'submit', class: 'main' }, 'Look up'),
        key.value && h('a', { href: href(route.system, 'audit', [], { key: key.value, entity: props.view.entity }) }, 'Its whole story'),
      ]);

    return () => [
      h(Section, { title: 'One key', note: 'Move a time: “as of” is when things happened, “known at” is when the store learnt of them.' }, () => [
        lookup(),
        key.value && [
          h('div', { class: 'sliders' }, [
            h(TimeSlider, { name: 'As of', hint: 'event time', times: times('eventTime'), value: route.query.asOf, onChoose: (asOf) => setQuery({ asOf }) }),
            h(TimeSlider, { name: 'Known at', hint: 'ingest time', times: times('ingestTime'), value: route.query.knownAt, onChoose: (knownAt) => setQuery({ knownAt }) }),
          ]),
          settled(vector, (found) => h(FeatureVector, { vector: found })),
        ],
        keys.data && !key.value && h('p', { class: 'muted' }, 'Nothing has been written to this view yet: run the feature pipeline.'),
      ]),
      key.value && settled(histories, (all) => h(KeyHistory, { histories: all, keyName: key.value })),
    ];
  },
};
