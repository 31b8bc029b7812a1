import { h } from '../../vue.js';
import { path } from '../../data/client.js';
import { route, href } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Terms } from '../../components/Terms.js';
import { Hash } from '../../components/Hash.js';
import { Ago } from '../../components/Ago.js';
import { Badge } from '../../components/Badge.js';
import { MetricsTable } from './MetricsTable.js';
import { ConfusionMatrix } from './ConfusionMatrix.js';
import { Importance } from './Importance.js';
import { Curves } from './Curves.js';
import { count, counted } from '../../format/number.js';

/** Everything that is known of what one run made. */
export const TrainedVersion = ({ run, version, model }) => {
  const made = version.provenance ?? {};
  return [
    h(Section, { title: `Version ${version.number} of ${model.model}`, to: path('systems', route.system, 'models', model.model), csv: false }, {
      actions: () => h('a', { href: href(route.system, 'models', [model.model], { version: version.number }) }, 'In the registry'),
      default: () => [
        h(Terms, {
          items: [
            ['Trained', h(Ago, { at: version.created })],
            ['Dataset', counted(made.datasetRows, 'row')],
            ['Dataset hash', h(Hash, { of: made.datasetHash })],
            ['Known up to', `entry ${count(made.horizonOrdering)} of the journal`],
            ['Seed', made.seed],
            ['Trainer', made.trainer],
            ...Object.entries(made.parameters ?? {}).sort().map(([name, value]) => [name, value]),
            ['Content hash', h(Hash, { of: version.contentHash })],
          ],
        }),
        gates(run),
      ],
    }),
    h('div', { class: 'columns' }, [
      h(Section, { title: 'Metrics' }, () => h(MetricsTable, { version })),
      h(Section, { title: 'What counts' }, () => h(Importance, { importance: version.importance })),
      version.confusion?.length > 0 && h(Section, { title: 'Confusion', note: 'Over the rows that were held out.' }, () => h(ConfusionMatrix, { cells: version.confusion })),
    ]),
    h(Curves, { model: model.model, version: version.number }),
  ];
};
TrainedVersion.props = ['run', 'version', 'model'];

function gates(run) {
  const notes = Object.entries(run.notes ?? {})
    .filter(([name]) => name.startsWith('gate.'))
    .sort();
  return [
    notes.length > 0 && h('ul', { class: 'gates' }, notes.map(([name, note]) => h('li', { key: name }, [h(Badge, { look: /fail|not /.test(note) ? 'bad' : 'good', text: 'gate' }), note]))),
    run.notes?.promotion && h('p', { class: 'note' }, `Promotion: ${run.notes.promotion}`),
  ];
}
