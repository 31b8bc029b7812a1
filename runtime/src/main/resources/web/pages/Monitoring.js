// Is it still right, is the world still as it was, and does it keep up?
import { h, computed } from '../vue.js';
import { route, setQuery } from '../shell/route.js';
import { useSystem } from '../shell/systems.js';
import { PageTitle } from '../components/PageTitle.js';
import { Choice } from '../components/Choice.js';
import { Empty } from '../components/States.js';
import { Alerts } from './monitoring/Alerts.js';
import { Quality } from './monitoring/Quality.js';
import { Drift } from './monitoring/Drift.js';
import { Freshness } from './monitoring/Freshness.js';
import { Traffic } from './monitoring/Traffic.js';

const WINDOWS = [
  ['', 'as defined'],
  ['900', 'last 15 min'],
  ['3600', 'last hour'],
  ['86400', 'last day'],
  ['604800', 'last 7 days'],
  ['2592000', 'last 30 days'],
];

export const Monitoring = {
  setup() {
    const system = useSystem();
    const deployments = computed(() => system.value?.deployments ?? []);
    const deployment = computed(() => deployments.value.find(({ name }) => name === route.query.deployment)?.name ?? deployments.value[0]?.name);

    return () =>
      h('div', { class: 'inference' }, [
        h(PageTitle, { title: 'Monitoring', lead: 'Is it still right, is the world still as it was, and does it keep up?' }, () => [
          deployments.value.length > 1 && h(Choice, { label: 'Deployment', value: deployment.value, options: deployments.value.map(({ name }) => [name, name]), onChoose: (name) => setQuery({ deployment: name }) }),
          h(Choice, { label: 'Time', value: route.query.window ?? '', options: WINDOWS, onChoose: (window) => setQuery({ window }) }),
        ]),
        h(Alerts),
        deployment.value
          ? [h(Quality, { deployment: deployment.value }), h(Drift, { deployment: deployment.value }), h(Traffic, { deployment: deployment.value })]
          : h(Empty, { title: 'This system has no deployment' }),
        h(Freshness),
      ]);
  },
};
