// What the training pipeline did: runs as they go, one in full, and several beside one another.
import { h, ref, computed } from '../vue.js';
import { get, path, post } from '../data/client.js';
import { useResource } from '../data/resource.js';
import { isRun, isModel } from '../data/events.js';
import { route, setQuery } from '../shell/route.js';
import { useSystem } from '../shell/systems.js';
import { PageTitle } from '../components/PageTitle.js';
import { Section } from '../components/Section.js';
import { Empty, settled } from '../components/States.js';
import { TrainingRuns } from './training/TrainingRuns.js';
import { TrainedVersion } from './training/TrainedVersion.js';
import { RunComparison } from './training/RunComparison.js';

const LIMIT = 50;
const COMPARED_MAX = 5;

export const Training = {
  setup() {
    const system = useSystem();
    const to = () => path('systems', route.system, 'runs');
    const query = { kind: 'TRAINING', limit: LIMIT };
    const runs = useResource(async (signal) => (await get(to(), query, signal)).runs ?? [], to, isRun);
    const models = useResource(async (signal) => (await get(path('systems', route.system, 'models'), {}, signal)).models ?? [], to, isModel);
    const problem = ref('');

    const pipelines = computed(() => (system.value?.pipelines ?? []).filter((pipeline) => pipeline.kind === 'TRAINING'));
    const compared = computed(() => (route.query.compare ?? '').split(',').filter(Boolean));
    const chosen = computed(() => (runs.data ?? []).find((run) => run.runId === route.query.run) ?? (runs.data ?? []).find((run) => run.counts?.version));
    const versionOf = (run) => {
      const number = Number(run?.counts?.version);
      return (models.data ?? []).flatMap((model) => model.versions ?? []).find((version) => version.number === number && version.provenance?.runId === run.runId);
    };
    const modelOf = (version) => (models.data ?? []).find((model) => model.versions?.includes(version));

    async function tell(act) {
      problem.value = '';
      try {
        await act();
        runs.reload();
      } catch (failure) {
        problem.value = failure.message;
      }
    }
    const start = (pipeline) => tell(() => post(to(), { kind: 'TRAINING', pipeline: pipeline.name }));
    const cancel = (run) => tell(() => post(path('runs', run.runId, ':cancel')));
    const compare = (run) => {
      const { runId } = run;
      const others = compared.value.filter((id) => id !== runId);
      setQuery({ compare: (others.length === compared.value.length ? [...others, runId].slice(-COMPARED_MAX) : others).join(',') });
    };

    return () =>
      h('div', { class: 'training' }, [
        h(PageTitle, { title: 'Training', lead: 'From the features as they were known at one moment to a version that has to earn its place.' }, () =>
          pipelines.value.map((pipeline) => h('button', { class: 'main', onClick: () => start(pipeline) }, `Train ${pipeline.name}`)),
        ),
        problem.value && h('p', { class: 'problem', role: 'alert' }, problem.value),
        h(Section, { title: 'Runs', to: to(), query }, () =>
          settled(runs, (all) =>
            all.length
              ? h(TrainingRuns, { runs: all, compared: compared.value, chosen: chosen.value, onCompare: compare, onCancel: cancel, onChoose: (run) => setQuery({ run: run.runId }) })
              : h(Empty, { title: 'Nothing has been trained yet' }, () => 'The features come first: run the feature pipeline, then train.'),
          ),
        ),
        compared.value.length > 1 && h(RunComparison, { runs: (runs.data ?? []).filter((run) => compared.value.includes(run.runId)), versionOf }),
        chosen.value &&
          settled(models, () => {
            const version = versionOf(chosen.value);
            return version && h(TrainedVersion, { run: chosen.value, version, model: modelOf(version), key: version.contentHash + version.number });
          }),
      ]);
  },
};
