import { h } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { isAlert } from '../../data/events.js';
import { route, href } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { Empty, settled } from '../../components/States.js';
import { counted, decimal } from '../../format/number.js';
import { sentence } from './alert.js';

/** Alerts, open ones first, and what became of telling somebody. */
export const Alerts = {
  setup() {
    const to = () => path('systems', route.system, 'monitoring', 'alerts');
    const alerts = useResource(async (signal) => (await get(to(), {}, signal)).alerts ?? [], to, isAlert);
    const columns = [
      { name: 'State', cell: (alert) => h(Badge, alert.cleared ? { look: 'idle', text: 'over' } : { look: 'bad', text: 'open' }) },
      { name: 'What', cell: (alert) => h('strong', sentence(alert)) },
      { name: 'Value', number: true, cell: (alert) => decimal(alert.value) },
      { name: 'Threshold', number: true, cell: (alert) => decimal(alert.threshold) },
      { name: 'Over', cell: (alert) => counted(alert.rows, alert.kind === 'QUALITY' ? 'outcome' : alert.kind === 'DRIFT' ? 'prediction' : 'row') },
      { name: 'Raised', cell: (alert) => h(Ago, { at: alert.raised }) },
      { name: 'Over since', cell: (alert) => h(Ago, { at: alert.cleared }) },
      { name: 'Told', cell: (alert) => (alert.toldRaised ? (alert.toldRaised.failure ? h('span', { class: 'bad-text', title: alert.toldRaised.failure }, 'nobody took it') : h(Ago, { at: alert.toldRaised.at })) : '–') },
      { name: 'Trained', cell: (alert) => (alert.trainingRun ? h('a', { href: href(route.system, 'training', [], { run: alert.trainingRun }) }, 'a run') : '–') },
    ];
    return () =>
      h(Section, { title: 'Alerts', to: to() }, () =>
        settled(alerts, (all) =>
          all.length ? h(Table, { label: 'alerts', rows: all, columns, rowKey: (alert) => alert.id }) : h(Empty, { title: 'No alert has ever been raised' }),
        ),
      );
  },
};
