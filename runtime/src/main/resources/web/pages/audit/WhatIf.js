import { h, ref, computed } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { useStream } from '../../data/streaming.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Choice } from '../../components/Choice.js';
import { Table } from '../../components/Table.js';
import { Empty, Failure } from '../../components/States.js';
import { Differences } from './Differences.js';
import { count, counted, decimal, number, percent } from '../../format/number.js';

/** What another version would have answered to what was asked. */
export const WhatIf = {
  props: ['system'],
  setup(props) {
    const models = useResource(async (signal) => (await get(path('systems', route.system, 'models'), {}, signal)).models ?? [], () => route.system);
    const deployment = ref(props.system.deployments?.[0]?.name ?? '');
    const model = computed(() => props.system.deployments?.find(({ name }) => name === deployment.value)?.model);
    const versions = computed(() => (models.data?.find((known) => known.model === model.value)?.versions ?? []).map(({ number: of }) => String(of)).reverse());
    const chosen = ref('');
    const version = computed(() => (versions.value.includes(chosen.value) ? chosen.value : versions.value[0]));
    const progress = ref(null);
    const comparison = useStream((message) => (progress.value = message));
    const to = () => path('systems', route.system, 'compare');
    const query = () => ({ deployment: deployment.value, version: version.value });
    const start = () => {
      progress.value = null;
      comparison.start(to(), query());
    };

    const outcome = (found) => {
      const metrics = Object.keys(found.recorded ?? {}).sort();
      return [
        h('p', { class: 'verdict' }, [h('span', { class: 'big-number' }, count(found.changed)), ` of ${counted(found.compared, 'answer')} would have been another (${percent(number(found.changed) / (number(found.compared) || 1))}); scores differ by ${decimal(found.meanDifference, 3)} on average and ${decimal(found.maxDifference, 3)} at most.`]),
        h(Differences, { comparison: found }),
        metrics.length > 0 &&
          h(Table, {
            label: 'both over known outcomes',
            rows: metrics,
            columns: [
              { name: `Over ${counted(found.outcomes, 'known outcome')}`, cell: (name) => name },
              { name: 'As answered', number: true, cell: (name) => decimal(found.recorded[name]) },
              { name: `Version ${version.value}`, number: true, cell: (name) => decimal(found.other?.[name]) },
            ],
          }),
      ];
    };

    return () =>
      h(Section, { title: 'What if', note: 'The same questions, put to another version.', ...(version.value ? { to: to(), query: query(), csv: false } : {}) }, () => [
        versions.value.length
          ? h('div', { class: 'fields' }, [
              props.system.deployments.length > 1 && h(Choice, { label: 'Deployment', value: deployment.value, options: props.system.deployments.map(({ name }) => [name, name]), onChoose: (name) => (deployment.value = name) }),
              h(Choice, { label: 'Against', value: version.value, options: versions.value.map((of) => [of, `version ${of}`]), onChoose: (of) => (chosen.value = of) }),
              h('button', { class: 'main', disabled: comparison.running, onClick: start }, 'Compare'),
            ])
          : h(Empty, { title: 'There is no version to compare with yet' }),
        comparison.running && h('p', { role: 'status' }, `${count(progress.value?.done ?? 0)} compared …`),
        comparison.error && h(Failure, { error: comparison.error }),
        progress.value?.result && h('div', { role: 'status' }, outcome(progress.value.result)),
      ]);
  },
};
