// A system as a triptych: its three pipelines side by side, the data they share beneath, and problems before all.
import { h, computed } from '../vue.js';
import { get, path } from '../data/client.js';
import { useResource } from '../data/resource.js';
import { route } from '../shell/route.js';
import { useSystem, reloadSystems } from '../shell/systems.js';
import { onEvent } from '../data/live.js';
import { isRun, isRunEnded, isModel, isDeployment, isPrediction, isAlert } from '../data/events.js';
import { PageTitle } from '../components/PageTitle.js';
import { DataLinks } from '../components/DataLinks.js';
import { settled } from '../components/States.js';
import { FeaturePanel } from './overview/FeaturePanel.js';
import { TrainingPanel } from './overview/TrainingPanel.js';
import { InferencePanel } from './overview/InferencePanel.js';
import { DataLayer } from './overview/DataLayer.js';
import { Problems, problemsOf } from './overview/Problems.js';
import { recentPredictions } from './overview/recent.js';

const RUNS = 120;

export const Overview = {
  setup() {
    const system = useSystem();
    const at = (...segments) => path('systems', route.system, ...segments);
    const runs = useResource(async (signal) => (await get(at('runs'), { limit: RUNS }, signal)).runs ?? [], () => route.system, isRun);
    const models = useResource(async (signal) => (await get(at('models'), {}, signal)).models ?? [], () => route.system, isModel);
    const deployments = useResource(async (signal) => (await get(at('deployments'), {}, signal)).deployments ?? [], () => route.system, isDeployment);
    const predictions = useResource((signal) => recentPredictions(route.system, signal), () => route.system, isPrediction);
    const alerts = useResource(
      async (signal) => (await get(at('monitoring', 'alerts'), { open: true }, signal)).alerts ?? [],
      () => route.system,
      isAlert,
    );
    // The next run of a cadence moves when a run ends.
    onEvent((event) => isRunEnded(event) && reloadSystems());

    const of = (kind) => computed(() => (runs.data ?? []).filter((run) => run.kind === kind));
    const [feature, training, inference] = ['FEATURE', 'TRAINING', 'INFERENCE'].map(of);
    const pipelines = (kind) => (system.value?.pipelines ?? []).filter((pipeline) => pipeline.kind === kind);

    return () => [
      h(PageTitle, { title: route.system, lead: system.value?.description }, () => h(DataLinks, { to: '/systems', csv: false })),
      h(Problems, { problems: problemsOf(runs.data ?? [], deployments.data ?? [], alerts.data ?? []), ready: runs.data !== null }),
      h('div', { class: 'triptych' }, [
        settled(runs, () => h(FeaturePanel, { pipelines: pipelines('FEATURE'), runs: feature.value })),
        settled(runs, () => h(TrainingPanel, { pipelines: pipelines('TRAINING'), runs: training.value, models: models.data ?? [] })),
        settled(runs, () => h(InferencePanel, { pipelines: pipelines('INFERENCE'), runs: inference.value, predictions: predictions.data, deployments: deployments.data ?? [] })),
      ]),
      system.value && h(DataLayer, { system: system.value, models: models.data ?? [] }),
    ];
  },
};
