import { h, ref, watch, computed } from '../../vue.js';
import { path } from '../../data/client.js';
import { useStream } from '../../data/streaming.js';
import { route, href, setQuery } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Choice } from '../../components/Choice.js';
import { Ago } from '../../components/Ago.js';
import { Badge } from '../../components/Badge.js';
import { Empty, Failure, Loading } from '../../components/States.js';
import { shown } from '../../format/value.js';
import { counted, decimal } from '../../format/number.js';

const SHOWN_MAX = 500;

/** Everything that ever happened to one entity, in order. */
export const Story = {
  props: ['system'],
  setup(props) {
    const happenings = ref([]);
    const typed = ref(route.query.key ?? '');
    const entities = computed(() => [...new Set((props.system.views ?? []).map((view) => view.entity))]);
    const entity = computed(() => route.query.entity ?? entities.value[0] ?? '');
    const to = () => path('systems', route.system, 'entities', entity.value, 'keys', route.query.key, 'story');
    const story = useStream((happening) => happenings.value.length < SHOWN_MAX && happenings.value.push(happening));

    watch(
      () => [route.query.key, entity.value],
      ([key]) => {
        happenings.value = [];
        if (key) {
          story.start(to());
        }
      },
      { immediate: true },
    );
    const look = (submitted) => {
      submitted.preventDefault();
      setQuery({ key: typed.value.trim() }, true);
    };

    return () =>
      h(Section, { title: 'The story of a key', ...(route.query.key ? { to: to() } : {}) }, () => [
        h('form', { class: 'fields', onSubmit: look }, [
          entities.value.length > 1 && h(Choice, { label: 'Entity', value: entity.value, options: entities.value.map((name) => [name, name]), onChoose: (chosen) => setQuery({ entity: chosen }) }),
          h('label', { class: 'wide' }, [`Key of a ${entity.value}`, h('input', { type: 'search', name: 'story-key', value: typed.value, onInput: (input) => (typed.value = input.target.value) })]),
          h('button', { type: 'submit', class: 'main' }, 'Tell'),
        ]),
        story.error && h(Failure, { error: story.error }),
        happenings.value.length > 0
          ? h('ol', { class: 'story' }, happenings.value.map((happening, i) => h('li', { key: i, class: kindOf(happening) }, [h(Ago, { at: happening.at, full: true }), h('div', told(happening))])))
          : route.query.key && (story.running ? h(Loading) : !story.error && h(Empty, { title: `Nothing ever happened to ${route.query.key}` })),
      ]);
  },
};

const kindOf = ({ prediction, erasure }) => (prediction ? 'inference' : erasure ? 'erasure' : 'feature');

function told({ rows, prediction, erasure, predictionsLeft }) {
  if (rows) {
    return [
      h('p', [h('strong', rows.erased ? 'rows that were erased' : `${counted(rows.rows?.length ?? 0, 'row')} of ${rows.view}`), rows.runId ? ' by a run of the pipeline' : ' by a client']),
      (rows.rows ?? []).map((row) => h('p', { class: 'note' }, ['of ', h(Ago, { at: row.eventTime, full: true }), ': ', Object.entries(row.values ?? {}).map(([name, value]) => `${name} ${shown(value)}`).join(' · ')])),
    ];
  }
  if (prediction) {
    return h('p', [
      'predicted ',
      h('a', { href: href(route.system, 'predictions', [], { id: prediction.id }) }, Object.keys(prediction.scores ?? {}).length > 1 ? prediction.output : decimal(prediction.output, 6)),
      ` by version ${prediction.version} of ${prediction.model}`,
      prediction.shadowOf && [' ', h(Badge, { text: 'shadow' })],
    ]);
  }
  if (erasure) {
    return h('p', [h('strong', 'erased'), ` by ${erasure.by || '–'}: ${erasure.reason || '–'}`]);
  }
  return h('p', { class: 'muted' }, predictionsLeft ? 'Predictions made before this have left the list; the journal has them.' : '');
}
