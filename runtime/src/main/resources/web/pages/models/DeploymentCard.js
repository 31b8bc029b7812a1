import { h, ref, computed } from '../../vue.js';
import { patch, path } from '../../data/client.js';
import { route, href } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Terms } from '../../components/Terms.js';
import { Badge } from '../../components/Badge.js';
import { Confirm } from '../../components/Confirm.js';
import { count } from '../../format/number.js';
import { duration } from '../../format/time.js';

/** A deployment: which versions answer which share of the keys; changes the shares. */
export const DeploymentCard = {
  props: ['deployment', 'model'],
  emits: ['changed'],
  setup(props, { emit }) {
    const asked = ref(false);
    const routes = ref([]);
    const targets = computed(() => [...Object.keys(props.model.aliases ?? {}), ...props.model.versions.map((version) => String(version.number)).reverse()]);
    const sum = computed(() => routes.value.reduce((total, { weight }) => total + (Number(weight) || 0), 0));

    const ask = () => {
      routes.value = (props.deployment.routes ?? []).map((one) => ({ ...one }));
      asked.value = true;
    };
    const change = async (said) => {
      if (sum.value !== 100) {
        throw new Error(`The weights sum to ${sum.value} (expected: 100).`);
      }
      await patch(path('systems', route.system, 'deployments', props.deployment.name), {
        ...said,
        routes: { routes: routes.value.filter(({ weight }) => Number(weight) > 0).map(({ to, weight }) => ({ to, weight: Number(weight) })) },
      });
      emit('changed');
    };
    const changed = computed(() => (props.deployment.changes ?? []).at(-1)?.changed ?? 'reset');
    const resetting = ref(false);
    const reset = async (said) => {
      await patch(path('systems', route.system, 'deployments', props.deployment.name), { ...said, reset: true });
      emit('changed');
    };
    const add = () => routes.value.push({ to: targets.value.find((to) => !routes.value.some((one) => one.to === to)) ?? targets.value[0], weight: 0 });

    const editor = () => [
      routes.value.map((one, i) =>
        h('div', { class: 'route', key: i }, [
          h('select', { 'aria-label': `route ${i + 1}`, value: one.to, onChange: (chosen) => (one.to = chosen.target.value) }, targets.value.map((to) => h('option', { value: to, selected: to === one.to }, /^\d+$/.test(to) ? `version ${to}` : to))),
          h('input', { type: 'range', min: 0, max: 100, value: one.weight, 'aria-label': `weight of route ${i + 1}`, onInput: (moved) => (one.weight = Number(moved.target.value)) }),
          h('output', `${one.weight} %`),
        ]),
      ),
      h('div', { class: 'row' }, [h('button', { type: 'button', class: 'small', onClick: add }, 'Another route'), h('span', { class: sum.value === 100 ? 'muted' : 'bad-text' }, `together ${sum.value} %`)]),
    ];

    return () =>
      h(Section, { title: `Deployment ${props.deployment.name}`, to: path('systems', route.system, 'deployments', props.deployment.name), csv: false }, {
        actions: () => [h('a', { href: href(route.system, 'try', [props.deployment.name]) }, 'Try it'), changed.value !== 'reset' && h('button', { class: 'small', onClick: () => (resetting.value = true) }, 'Back to the definition'), h('button', { class: 'small', onClick: ask }, 'Change weights')],
        default: () => [
          h('ul', { class: 'routes' }, (props.deployment.nodes?.[0]?.routes ?? props.deployment.routes ?? []).map((one) =>
            h('li', { style: { flexGrow: Math.max(one.weight, 8) } }, [h('strong', `${one.weight} %`), h('span', [one.to, one.version ? h('small', ` version ${one.version}`) : ''])]),
          )),
          h(Terms, {
            items: [
              ['Shadows', (props.deployment.shadows ?? []).join(', ') || 'none'],
              ['Audit', props.deployment.audit],
              ['Old features', props.deployment.stale],
              ['At once', count(props.deployment.limits?.inFlight)],
              ['Deadline', props.deployment.limits?.deadline ? duration(props.deployment.limits.deadline) : 'none'],
              ['Nodes', (props.deployment.nodes ?? []).length],
            ],
          }),
          (props.deployment.nodes ?? []).filter((node) => node.problem).map((node) => h('p', { class: 'bad-text' }, [h(Badge, { look: 'bad', text: node.node }), ' ', node.problem])),
          resetting.value && h(Confirm, { title: 'Back to the definition?', text: 'Routes, shadows, limits, audit and the rule for old features are again as the system’s definition says.', verb: 'Reset', act: reset, onClose: () => (resetting.value = false) }),
          asked.value && h(Confirm, { title: 'Change the weights?', text: 'The same key always meets the same version; a changed weight moves no more keys than it must.', verb: 'Change', act: change, onClose: () => (asked.value = false) }, editor),
        ],
      });
  },
};
