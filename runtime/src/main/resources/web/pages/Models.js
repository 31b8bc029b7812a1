// The registry: what there is, what answers, where it came from, and the moves between.
import { h, computed } from '../vue.js';
import { get, path } from '../data/client.js';
import { useResource } from '../data/resource.js';
import { isModel, isDeployment } from '../data/events.js';
import { route, href } from '../shell/route.js';
import { PageTitle } from '../components/PageTitle.js';
import { Empty, settled } from '../components/States.js';
import { Versions } from './models/Versions.js';
import { VersionCard } from './models/VersionCard.js';
import { Lineage } from './models/Lineage.js';
import { DeploymentCard } from './models/DeploymentCard.js';
import { Moves } from './models/Moves.js';

export const Models = {
  setup() {
    const models = useResource(async (signal) => (await get(path('systems', route.system, 'models'), {}, signal)).models ?? [], () => route.system, isModel);
    const deployments = useResource(async (signal) => (await get(path('systems', route.system, 'deployments'), {}, signal)).deployments ?? [], () => route.system, isDeployment);
    const model = computed(() => models.data?.find((known) => known.model === route.rest[0]) ?? models.data?.[0]);
    const version = computed(() => {
      const versions = model.value?.versions ?? [];
      const wanted = Number(route.query.version) || model.value?.aliases?.champion;
      return versions.find((known) => known.number === wanted) ?? versions.at(-1);
    });
    const reload = () => {
      models.reload();
      deployments.reload();
    };

    const tabs = (all) =>
      all.length > 1 &&
      h('nav', { class: 'tabs', 'aria-label': 'models' }, all.map((known) => h('a', { href: href(route.system, 'models', [known.model]), 'aria-current': known === model.value ? 'true' : undefined }, known.model)));

    return () =>
      h('div', { class: 'training' }, [
        h(PageTitle, { title: 'Models', lead: 'Versions never change; aliases move, and every move says who and why.' }),
        settled(models, (all) => [
          tabs(all),
          model.value?.versions?.length
            ? [
                h(Versions, { model: model.value, chosen: version.value, onChanged: reload }),
                (deployments.data ?? [])
                  .filter((deployment) => deployment.model === model.value.model)
                  .map((deployment) => h(DeploymentCard, { deployment, model: model.value, key: deployment.name, onChanged: reload })),
                h(VersionCard, { model: model.value, version: version.value }),
                h(Lineage, { model: model.value, version: version.value, key: `${model.value.model}/${version.value.number}` }),
                h(Moves, { model: model.value, deployments: (deployments.data ?? []).filter((deployment) => deployment.model === model.value.model) }),
              ]
            : h(Empty, { title: 'No version yet' }, () => ['A training run that completes makes the first. ', h('a', { href: href(route.system, 'training') }, 'To training')]),
        ]),
      ]);
  },
};
