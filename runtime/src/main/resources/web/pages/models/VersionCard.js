import { h } from '../../vue.js';
import { address, path } from '../../data/client.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Terms } from '../../components/Terms.js';
import { Table } from '../../components/Table.js';
import { Hash } from '../../components/Hash.js';
import { Ago } from '../../components/Ago.js';
import { MetricsTable } from '../training/MetricsTable.js';
import { Importance } from '../training/Importance.js';
import { count, counted } from '../../format/number.js';

/** One version: signature, provenance, how good it is; its model card is a download. */
export const VersionCard = ({ model, version }) => {
  const made = version.provenance ?? {};
  const signature = version.signature ?? {};
  const card = address(path('systems', route.system, 'models', model.model, 'versions', version.number, 'card'));
  return [
    h(Section, { title: `Version ${version.number}` }, {
      actions: () => h('a', { href: card, download: `${model.model}-${version.number}.md`, class: 'card-link' }, 'Model card (Markdown)'),
      default: () =>
        h(Terms, {
          items: [
            ['Trained', h(Ago, { at: version.created })],
            ['Task', signature.task?.toLowerCase()],
            ['Label', signature.label],
            ['Answers', (signature.outputs ?? []).join(', ') || 'a number'],
            ['Dataset', counted(made.datasetRows, 'row')],
            ['Dataset hash', h(Hash, { of: made.datasetHash })],
            ['Definition', h(Hash, { of: made.definitionHash })],
            ['Content', h(Hash, { of: version.contentHash })],
            ['Known up to', `journal entry ${count(made.horizonOrdering)}`],
            ['Seed', made.seed],
            ['Trainer', made.trainer],
            ['Computed by', version.evaluatedBy?.evaluator || '–'],
            ...Object.entries(made.libraries ?? {}).sort(),
          ],
        }),
    }),
    h('div', { class: 'columns' }, [
      h(Section, { title: 'Signature' }, () =>
        h(Table, {
          label: 'inputs',
          rows: signature.inputs ?? [],
          columns: [
            { name: 'Input', cell: (input) => h('span', { class: 'clip', title: input.feature }, input.feature) },
            { name: 'Type', cell: (input) => h('span', { class: 'muted' }, input.type) },
          ],
        }),
      ),
      h(Section, { title: 'Metrics' }, () => h(MetricsTable, { version })),
      h(Section, { title: 'What counts' }, () => h(Importance, { importance: version.importance })),
    ]),
  ];
};
VersionCard.props = ['model', 'version'];
