// What the feature pipeline made: views and their statistics, a key at any time, and the runs.
import { h, computed } from '../vue.js';
import { route, href } from '../shell/route.js';
import { useSystem } from '../shell/systems.js';
import { PageTitle } from '../components/PageTitle.js';
import { Empty } from '../components/States.js';
import { ViewStatistics } from './features/ViewStatistics.js';
import { KeyLookup } from './features/KeyLookup.js';
import { FeatureRuns } from './features/FeatureRuns.js';

export const Features = {
  setup() {
    const system = useSystem();
    const views = computed(() => system.value?.views ?? []);
    const view = computed(() => views.value.find((known) => known.name === route.rest[0]) ?? views.value[0]);

    const tabs = () =>
      h('nav', { class: 'tabs', 'aria-label': 'views' }, [
        views.value.map((known) =>
          h('a', { href: href(route.system, 'features', [known.name], { key: route.query.key }), title: known.name, 'aria-current': known === view.value ? 'true' : undefined }, known.name),
        ),
      ]);

    return () =>
      h('div', { class: 'feature' }, [
        h(PageTitle, { title: 'Features', lead: 'What is known of every key, at every time: as it was, and as it was known.' }),
        view.value
          ? [tabs(), h(ViewStatistics, { view: view.value, key: view.value.name }), h(KeyLookup, { view: view.value, views: views.value })]
          : h(Empty, { title: 'This system has no views' }),
        h(FeatureRuns),
      ]);
  },
};
