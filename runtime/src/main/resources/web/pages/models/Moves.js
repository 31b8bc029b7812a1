import { h } from '../../vue.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Ago } from '../../components/Ago.js';
import { Empty } from '../../components/States.js';

/** Who moved what, when and why: aliases of the model, and changes of its deployments. */
export const Moves = ({ model, deployments }) => {
  const moves = (model.moves ?? []).map((move) => ({ ...move, what: move.alias, change: `version ${move.previous || 'none'} → version ${move.version}` }));
  const changes = deployments.flatMap((deployment) => (deployment.changes ?? []).map((change) => ({ ...change, what: `${deployment.name}: ${change.changed}`, change: change.to })));
  const all = [...moves, ...changes].sort((a, b) => (a.at < b.at ? 1 : -1));
  return h(Section, { title: 'Who changed what, and why' }, () =>
    all.length
      ? h(Table, {
          label: 'moves of aliases and changes of deployments',
          rows: all,
          columns: [
            { name: 'When', cell: (row) => h(Ago, { at: row.at }) },
            { name: 'What', cell: (row) => row.what },
            { name: 'Change', cell: (row) => row.change },
            { name: 'Who', cell: (row) => row.by || '–' },
            { name: 'Why', cell: (row) => row.reason || '–' },
          ],
        })
      : h(Empty, { title: 'Nothing has moved yet' }),
  );
};
Moves.props = ['model', 'deployments'];
