import { h } from '../../vue.js';
import { route, setQuery } from '../../shell/route.js';
import { Choice } from '../../components/Choice.js';

/** Deployment, version, key, run and time; all in the address. */
export const PredictionFilter = ({ deployments }) => {
  const field = (label, name, type, more = {}) =>
    h('label', [label, h('input', { type, value: route.query[name] ?? '', onChange: (changed) => setQuery({ [name]: changed.target.value.trim() }), ...more })]);
  return h('div', { class: 'fields' }, [
    deployments.length > 1 &&
      h(Choice, { label: 'Deployment', value: route.query.deployment ?? '', options: [['', 'all'], ...deployments.map(({ name }) => [name, name])], onChoose: (deployment) => setQuery({ deployment }) }),
    field('Key', 'key', 'search'),
    field('Version', 'version', 'number', { min: 1 }),
    field('Run', 'run', 'search'),
    field('Since', 'since', 'datetime-local'),
    field('Until', 'until', 'datetime-local'),
  ]);
};
PredictionFilter.props = ['deployments'];
