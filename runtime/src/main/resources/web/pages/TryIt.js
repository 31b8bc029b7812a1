// A form made from the signature and the statistics: change a value, and see the prediction and why it moves.
import { h, ref, computed, watch, shallowRef } from '../vue.js';
import { get, path } from '../data/client.js';
import { useResource } from '../data/resource.js';
import { isDeployment } from '../data/events.js';
import { route, href, setQuery } from '../shell/route.js';
import { PageTitle } from '../components/PageTitle.js';
import { Section } from '../components/Section.js';
import { Empty, Failure, settled } from '../components/States.js';
import { InputField } from './tryit/InputField.js';
import { Answer, AnswerNow } from './tryit/Answer.js';
import { StartFrom } from './tryit/StartFrom.js';
import { questionOf } from './tryit/question.js';
import { usePrediction } from './tryit/prediction.js';

/** What a system may bring along to this page: `{ Card, presets, linked }`. */
const DRESSES = { titanic: () => import('../systems/titanic.js') };
const NO_DRESS = { presets: [], linked: () => ({}) };

export const TryIt = {
  setup() {
    const deployments = useResource(async (signal) => (await get(path('systems', route.system, 'deployments'), {}, signal)).deployments ?? [], () => route.system, isDeployment);
    const deployment = computed(() => deployments.data?.find((known) => known.name === route.rest[0]) ?? deployments.data?.[0]);
    const served = computed(() => deployment.value?.nodes?.flatMap((node) => node.routes ?? [])[0]?.version);
    const question = useResource(
      (signal) => (deployment.value && served.value ? questionOf(route.system, deployment.value, served.value, signal) : null),
      () => [deployment.value?.name, served.value],
    );
    const dress = shallowRef(NO_DRESS);
    DRESSES[route.system]?.().then((found) => (dress.value = found));

    // The values of the form are in the address, so that a link is all there is to share.
    const values = computed(() => Object.fromEntries((question.data?.inputs ?? []).map((input) => [input.feature, input.feature in route.query ? route.query[input.feature] : (input.start ?? '')])));
    const set = (changes) => {
      const given = Object.fromEntries(Object.entries(changes).map(([feature, value]) => [feature, value === null ? 'missing' : String(value)]));
      setQuery({ ...given, ...dress.value.linked({ ...values.value, ...given }, given) });
    };
    const prediction = usePrediction(() => question.data, values, () => deployment.value?.name);
    const copied = ref(false);
    watch(values, () => (copied.value = false));
    const share = async () => {
      setQuery(values.value);
      await navigator.clipboard?.writeText(location.href).catch(() => {});
      copied.value = true;
    };

    const form = (asked) =>
      h(Section, { title: 'The question' }, {
        actions: () => h('button', { class: 'small', onClick: share }, copied.value ? 'Link copied' : 'Copy a link'),
        default: () => [
          h(StartFrom, { question: asked, presets: dress.value.presets, onFilled: (found, key) => set({ ...found, key }) }),
          h('div', { class: 'inputs' }, asked.inputs.map((input) => h(InputField, { key: input.feature, input, value: values.value[input.feature], onChange: (value) => set({ [input.feature]: value }) }))),
          prediction.answer && h(AnswerNow, { prediction: prediction.answer }),
        ],
      });

    const answer = () => [
      dress.value.Card && prediction.answer && h(dress.value.Card, { values: values.value, prediction: prediction.answer, keyName: route.query.key }),
      h(Answer, { prediction: prediction.answer, values: values.value, dressed: Boolean(dress.value.Card) }),
      prediction.error && h(Failure, { error: prediction.error }),
    ];

    const tabs = (all) =>
      all.length > 1 &&
      h('nav', { class: 'tabs', 'aria-label': 'deployments' }, all.map((known) => h('a', { href: href(route.system, 'try', [known.name]), 'aria-current': known === deployment.value ? 'true' : undefined }, known.name)));

    return () =>
      h('div', { class: 'inference' }, [
        h(PageTitle, { title: 'Try it', lead: 'Change a value; the prediction and its reasons move at once. Every answer is on record.' }),
        settled(deployments, (all) => [
          tabs(all),
          !deployment.value
            ? h(Empty, { title: 'This system has no deployment' })
            : !served.value
              ? h(Empty, { title: 'No version answers yet' }, () => ['Train a model and promote it; then there is something to try. ', h('a', { href: href(route.system, 'training') }, 'To training')])
              : settled(question, (asked) => asked && h('div', { class: 'try' }, [h('div', { class: 'try-form' }, [form(asked)]), h('div', { class: 'try-answer', 'aria-live': 'polite' }, [answer()])]), 6),
        ]),
      ]);
  },
};
