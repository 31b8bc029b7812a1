// The record of every prediction, filtered and paged by the node, each to be opened and computed again.
import { h, ref, computed, watch } from '../vue.js';
import { get, path } from '../data/client.js';
import { useResource } from '../data/resource.js';
import { isPrediction } from '../data/events.js';
import { route, href, setQuery } from '../shell/route.js';
import { useSystem } from '../shell/systems.js';
import { PageTitle } from '../components/PageTitle.js';
import { Section } from '../components/Section.js';
import { Empty, settled } from '../components/States.js';
import { Ago } from '../components/Ago.js';
import { PredictionFilter } from './predictions/PredictionFilter.js';
import { PredictionList } from './predictions/PredictionList.js';
import { PredictionDetail } from './predictions/PredictionDetail.js';
import { InferenceRuns } from './predictions/InferenceRuns.js';

const PAGE = 50;

export const Predictions = {
  setup() {
    const system = useSystem();
    const to = () => path('systems', route.system, 'predictions');
    // The last ids of the pages before this one, so that there is a way back.
    const before = ref([]);
    const filter = computed(() => {
      const { deployment, key, version, run: run_id, since, until } = route.query;
      return { deployment, key, version, run_id, since: instant(since), until: instant(until) };
    });
    const query = computed(() => ({ ...filter.value, after: before.value.at(-1), limit: PAGE, newest_first: true, outcomes: true }));
    const page = useResource(
      (signal) => get(to(), query.value, signal),
      () => [to(), query.value],
      // A page further back does not move under the reader.
      (event) => before.value.length === 0 && isPrediction(event),
    );
    watch(filter, (now, last) => JSON.stringify(now) !== JSON.stringify(last) && (before.value = []));

    const older = () => (before.value = [...before.value, page.data.predictions.at(-1).id]);
    const newer = () => (before.value = before.value.slice(0, -1));
    const open = (id) => setQuery({ id: route.query.id === id ? '' : id });

    const pager = (shown) =>
      h('div', { class: 'row pager' }, [
        h('button', { class: 'small', disabled: before.value.length === 0, onClick: newer }, 'Newer'),
        h('span', { class: 'muted' }, `page ${before.value.length + 1}`),
        h('button', { class: 'small', disabled: shown.length < PAGE, onClick: older }, 'Older'),
      ]);

    return () =>
      h('div', { class: 'inference' }, [
        h(PageTitle, { title: 'Predictions', lead: 'Every answer ever given, and what it was given for. Any of them can be computed again, to the bit.' }),
        h(Section, { title: 'Record', to: to(), query: filter.value }, () => [
          h(PredictionFilter, { deployments: system.value?.deployments ?? [] }),
          settled(
            page,
            ({ predictions = [], keptSince }) => [
              predictions.length
                ? [h(PredictionList, { predictions, open: route.query.id, onOpen: open }), pager(predictions)]
                : h(Empty, { title: anyFilter(filter.value) ? 'No prediction is like that' : 'Nothing has been predicted yet' }, () => h('a', { href: href(route.system, 'try') }, 'Try one')),
              keptSince && h('p', { class: 'note' }, ['The list goes back to ', h(Ago, { at: keptSince, full: true }), '; the journal has every one.']),
            ],
            10,
          ),
        ]),
        // A link to one prediction shows it even where the list does not.
        route.query.id && !page.data?.predictions?.some(({ id }) => id === route.query.id) && h(Section, { title: `Prediction ${route.query.id}` }, () => h(PredictionDetail, { id: route.query.id, key: route.query.id })),
        h(InferenceRuns),
      ]);
  },
};

const anyFilter = (filter) => Object.values(filter).some(Boolean);

/** A local time of an input as an instant. */
const instant = (local) => (local ? new Date(local).toISOString() : undefined);
