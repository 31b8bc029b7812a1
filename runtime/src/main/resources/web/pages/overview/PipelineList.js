import { h, ref } from '../../vue.js';
import { path, post } from '../../data/client.js';
import { route, href } from '../../shell/route.js';
import { Ago } from '../../components/Ago.js';
import { Badge } from '../../components/Badge.js';
import { RunProgress } from '../../components/RunProgress.js';
import { now, secondsBetween, span } from '../../format/time.js';
import { cadence } from '../../format/cadence.js';

/** The pipelines of a panel: cadence, last run, next run, a run under way, and a button that starts one. */
export const PipelineList = {
  props: ['pipelines', 'runs', 'page'],
  setup(props) {
    const problem = ref({});
    const starting = ref('');

    async function start(pipeline) {
      starting.value = pipeline.name;
      problem.value = {};
      try {
        await post(path('systems', route.system, 'runs'), { kind: pipeline.kind, pipeline: pipeline.name });
      } catch (failure) {
        problem.value = { [pipeline.name]: failure.message };
      } finally {
        starting.value = '';
      }
    }

    const one = (pipeline) => {
      const last = props.runs.find((run) => run.pipeline === pipeline.name);
      const running = last?.state === 'RUNNING';
      return h('li', { key: pipeline.name, 'data-pipeline': pipeline.name }, [
        h('div', { class: 'pipeline-head' }, [
          h('a', { class: 'pipeline-name', title: pipeline.name, href: href(route.system, props.page) }, pipeline.name),
          h('span', { class: 'muted' }, cadence(pipeline.cadence)),
          h('button', { class: 'small', disabled: running || starting.value === pipeline.name, onClick: () => start(pipeline), 'aria-label': `run ${pipeline.name} now` }, 'Run'),
        ]),
        running
          ? h(RunProgress, { run: last })
          : h('div', { class: 'pipeline-times' }, [
              last
                ? [h(Badge, { of: last.state }), h(Ago, { at: last.ended ?? last.started }), h('span', { class: 'muted' }, `took ${span(secondsBetween(last.started, last.ended ?? last.started))}`)]
                : h('span', { class: 'muted' }, 'has not run yet'),
              pipeline.nextRun && h('span', { class: 'next muted' }, [Date.parse(pipeline.nextRun) <= now.value ? 'next is due' : ['next ', h(Ago, { at: pipeline.nextRun })]]),
            ]),
        last?.state === 'FAILED' && h('p', { class: 'problem' }, last.reason),
        problem.value[pipeline.name] && h('p', { class: 'problem', role: 'alert' }, problem.value[pipeline.name]),
      ]);
    };

    return () =>
      props.pipelines.length
        ? h('ul', { class: 'pipelines' }, props.pipelines.map(one))
        : h('p', { class: 'muted' }, 'None is defined.');
  },
};
