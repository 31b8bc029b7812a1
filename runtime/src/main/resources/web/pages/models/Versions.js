import { h, ref, computed } from '../../vue.js';
import { path, post } from '../../data/client.js';
import { route, setQuery } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { Hash } from '../../components/Hash.js';
import { Confirm } from '../../components/Confirm.js';
import { count, decimal } from '../../format/number.js';

const METRICS_SHOWN = 3;
const CHAMPION = 'champion';

/** Versions, newest first, with their aliases; promotes one, or rolls back. */
export const Versions = {
  props: ['model', 'chosen'],
  emits: ['changed'],
  setup(props, { emit }) {
    const asked = ref(null);
    const told = ref('');
    const versions = computed(() => [...props.model.versions].reverse());
    const metrics = computed(() => {
      const names = Object.keys(versions.value[0].metrics ?? {}).sort();
      return ['accuracy', 'auc', 'log-loss', 'rmse', 'mae', 'r2'].filter((name) => names.includes(name)).slice(0, METRICS_SHOWN);
    });
    const aliases = (version) => Object.entries(props.model.aliases ?? {}).filter(([, number]) => number === version.number).map(([alias]) => alias);
    const champion = computed(() => props.model.aliases?.[CHAMPION]);
    // What rolling back would bring: where the alias pointed before it came to where it is.
    const previous = computed(() => [...(props.model.moves ?? [])].reverse().find((move) => move.alias === CHAMPION && move.version === champion.value)?.previous);

    const move = (verb, more) => async (said) => {
      const answer = await post(path('systems', route.system, 'models', props.model.model, 'aliases', CHAMPION, verb), { ...said, ...more });
      const behind = (answer.notServing ?? []).map(({ deployment, node, problem }) => `${deployment} on ${node}: ${problem}`);
      told.value = behind.length ? `Moved, and not served everywhere yet: ${behind.join('; ')}` : `${CHAMPION} is version ${answer.version} now, and every node serves it.`;
      emit('changed');
    };
    const promote = (version) => {
      asked.value = { title: `Promote version ${version.number}?`, text: `Alias ${CHAMPION} moves from version ${champion.value ?? 'none'} to version ${version.number}. No request is lost meanwhile.`, verb: 'Promote', act: move(':promote', { version: version.number }) };
    };
    const rollBack = () => {
      asked.value = { title: 'Roll back?', text: `Alias ${CHAMPION} goes back to version ${previous.value}, where it pointed before.`, verb: 'Roll back', act: move(':rollback', {}) };
    };

    const columns = () => [
      { name: 'Version', cell: (version) => h('button', { class: 'small quiet version', onClick: () => setQuery({ version: version.number }), 'aria-pressed': version === props.chosen }, `version ${version.number}`) },
      { name: 'Aliases', cell: (version) => aliases(version).map((alias) => h(Badge, { look: 'busy alias', text: alias })) },
      { name: 'Trained', cell: (version) => h(Ago, { at: version.created }) },
      { name: 'Rows', number: true, cell: (version) => count(version.provenance?.datasetRows) },
      ...metrics.value.map((name) => ({ name, number: true, cell: (version) => decimal(version.metrics[name]) })),
      { name: 'Content', cell: (version) => h(Hash, { of: version.contentHash, digits: 8 }) },
      {
        name: h('span', { class: 'unseen' }, 'Action'),
        cell: (version) => (version.number === champion.value ? '' : h('button', { class: 'small', onClick: () => promote(version), 'data-promote': version.number }, 'Promote')),
      },
    ];

    return () =>
      h(Section, { title: props.model.model, to: path('systems', route.system, 'models', props.model.model), csv: false }, {
        actions: () => previous.value > 0 && h('button', { class: 'small', onClick: rollBack }, `Roll back to version ${previous.value}`),
        default: () => [
          told.value && h('p', { class: 'told', role: 'status' }, told.value),
          h(Table, { label: `versions of ${props.model.model}`, rows: versions.value, columns: columns(), rowKey: (version) => version.number, picked: (version) => version === props.chosen }),
          asked.value && h(Confirm, { ...asked.value, onClose: () => (asked.value = null) }),
        ],
      });
  },
};
