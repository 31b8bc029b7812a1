import { h } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { isRun } from '../../data/events.js';
import { route, href } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { RunProgress } from '../../components/RunProgress.js';
import { Empty, settled } from '../../components/States.js';
import { count } from '../../format/number.js';
import { secondsBetween, span } from '../../format/time.js';

const LIMIT = 15;

/** Runs of the batch pipelines, and how to their predictions. */
export const InferenceRuns = {
  setup() {
    const to = () => path('systems', route.system, 'runs');
    const query = { kind: 'INFERENCE', limit: LIMIT };
    const runs = useResource(async (signal) => (await get(to(), query, signal)).runs ?? [], to, isRun);
    const columns = [
      { name: 'Pipeline', cell: (run) => h('span', { class: 'clip', title: run.pipeline }, run.pipeline) },
      { name: 'State', cell: (run) => (run.state === 'RUNNING' ? h(RunProgress, { run }) : h('span', { title: run.reason }, [h(Badge, { of: run.state })])) },
      { name: 'Started', cell: (run) => h(Ago, { at: run.started }) },
      { name: 'Took', number: true, cell: (run) => (run.ended ? span(secondsBetween(run.started, run.ended)) : '–') },
      { name: 'Predicted', number: true, cell: (run) => h('a', { href: href(route.system, 'predictions', [], { run: run.runId }) }, count(run.counts?.predictions)) },
    ];
    return () =>
      h(Section, { title: 'Batch runs', to: to(), query }, () =>
        settled(runs, (all) => (all.length ? h(Table, { label: 'runs of the inference pipelines', rows: all, columns, rowKey: (run) => run.runId }) : h(Empty, { title: 'No batch has run yet' }))),
      );
  },
};
