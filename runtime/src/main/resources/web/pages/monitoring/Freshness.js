import { h } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { isRows } from '../../data/events.js';
import { route, href } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { Table } from '../../components/Table.js';
import { Badge } from '../../components/Badge.js';
import { Ago } from '../../components/Ago.js';
import { Empty, settled } from '../../components/States.js';
import { count } from '../../format/number.js';
import { duration } from '../../format/time.js';

/** How new the newest rows of every view are. */
export const Freshness = {
  setup() {
    const to = () => path('systems', route.system, 'monitoring', 'freshness');
    const freshness = useResource(async (signal) => (await get(to(), {}, signal)).views ?? [], to, isRows);
    const columns = [
      { name: 'View', cell: (row) => h('a', { class: 'clip', title: row.view, href: href(route.system, 'features', [row.view]) }, row.view) },
      { name: 'State', cell: (row) => (row.newest ? h(Badge, row.stale ? { look: 'bad', text: 'stale' } : { look: 'good', text: 'fresh' }) : h(Badge, { text: 'empty' })) },
      { name: 'Rows', number: true, cell: (row) => count(row.rows) },
      { name: 'Newest event', cell: (row) => h(Ago, { at: row.newest }) },
      { name: 'Last arrived', cell: (row) => h(Ago, { at: row.arrived }) },
      { name: 'May be as old as', cell: (row) => (row.oldest ? duration(row.oldest) : 'any age') },
    ];
    return () =>
      h(Section, { title: 'Freshness', to: to() }, () =>
        settled(freshness, (all) => (all.length ? h(Table, { label: 'freshness of the views', rows: all, columns, rowKey: (row) => row.view }) : h(Empty, { title: 'This system has no views' }))),
      );
  },
};
