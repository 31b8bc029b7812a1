import { h, ref } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { isRun } from '../../data/events.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { RunProgress } from '../../components/RunProgress.js';
import { Empty, settled } from '../../components/States.js';
import { count, number } from '../../format/number.js';
import { secondsBetween, span } from '../../format/time.js';

const LIMIT = 12;

/** Runs of the feature pipelines: rows read, written, left as they were, rejected, and why. */
export const FeatureRuns = {
  setup() {
    const to = () => path('systems', route.system, 'runs');
    const query = { kind: 'FEATURE', limit: LIMIT };
    const runs = useResource(async (signal) => (await get(to(), query, signal)).runs ?? [], to, isRun);
    const open = ref('');

    const rejected = (run) => number(run.counts?.rowsRejected ?? 0);
    const told = (run) => run.state === 'FAILED' || rejected(run) > 0 || run.rejections?.length > 0;
    const columns = [
      { name: 'Pipeline', cell: (run) => h('span', { class: 'clip', title: run.pipeline }, run.pipeline) },
      { name: 'State', cell: (run) => (run.state === 'RUNNING' ? h(RunProgress, { run }) : h(Badge, { of: run.state })) },
      { name: 'Started', cell: (run) => h(Ago, { at: run.started }) },
      { name: 'Took', number: true, cell: (run) => (run.ended ? span(secondsBetween(run.started, run.ended)) : '–') },
      { name: 'Read', number: true, cell: (run) => count(run.counts?.rowsRead) },
      { name: 'Written', number: true, cell: (run) => count(run.counts?.rowsWritten) },
      { name: 'Unchanged', number: true, cell: (run) => count(run.counts?.rowsUnchanged) },
      { name: 'Rejected', number: true, cell: (run) => (rejected(run) ? h('strong', { class: 'bad-text' }, count(rejected(run))) : '0') },
      {
        name: h('span', { class: 'unseen' }, 'Why'),
        cell: (run) =>
          told(run) && h('button', { class: 'small', 'aria-expanded': open.value === run.runId, onClick: () => (open.value = open.value === run.runId ? '' : run.runId) }, 'Why'),
      },
    ];
    const why = (run) =>
      open.value === run.runId &&
      h('div', [run.reason && h('p', { class: 'bad-text' }, run.reason), run.rejections?.length > 0 && h('ul', run.rejections.map((reason) => h('li', reason)))]);

    return () =>
      h(Section, { title: 'Runs', to: to(), query }, () =>
        settled(runs, (all) =>
          all.length
            ? h(Table, { label: 'runs of the feature pipelines', rows: all, columns, rowKey: (run) => run.runId, opened: why })
            : h(Empty, { title: 'No run yet' }, () => 'Start one on the overview.'),
        ),
      );
  },
};
