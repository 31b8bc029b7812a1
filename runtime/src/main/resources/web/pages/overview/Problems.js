import { h } from '../../vue.js';
import { route, href } from '../../shell/route.js';
import { Ago } from '../../components/Ago.js';
import { sentence } from '../monitoring/alert.js';
import { decimal } from '../../format/number.js';

/** What needs somebody's eye: pipelines whose last run failed, nodes that do not serve what they should, open alerts. */
export function problemsOf(runs, deployments, alerts) {
  const last = new Map();
  runs.forEach((run) => {
    const key = `${run.kind}/${run.pipeline}`;
    if (!last.has(key) && run.state !== 'RUNNING') {
      last.set(key, run);
    }
  });
  const failed = [...last.values()]
    .filter((run) => run.state === 'FAILED')
    .map((run) => ({ what: `${run.pipeline} failed`, why: run.reason, at: run.ended, to: href(route.system, run.kind === 'TRAINING' ? 'training' : run.kind === 'FEATURE' ? 'features' : 'predictions') }));
  const notServing = deployments.flatMap((deployment) =>
    (deployment.nodes ?? [])
      .filter((node) => node.problem)
      .map((node) => ({ what: `${deployment.name} does not serve what it should`, why: node.problem, to: href(route.system, 'models') })),
  );
  const open = alerts
    .filter((alert) => !alert.cleared)
    .map((alert) => ({ what: sentence(alert), why: `${decimal(alert.value)}, threshold ${decimal(alert.threshold)}`, at: alert.raised, to: href(route.system, 'monitoring') }));
  return [...failed, ...notServing, ...open];
}

export const Problems = ({ problems, ready }) =>
  problems.length
    ? h('ul', { class: 'problems', 'aria-label': 'problems' }, problems.map((problem) =>
        h('li', [h('a', { href: problem.to }, problem.what), problem.why && h('span', problem.why), problem.at && h(Ago, { at: problem.at })]),
      ))
    : ready && h('p', { class: 'all-well' }, 'Nothing needs your eye.');
Problems.props = ['problems', 'ready'];
