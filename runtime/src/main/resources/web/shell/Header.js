import { h } from '../vue.js';
import { PAGES } from './pages.js';
import { route, href, go } from './route.js';
import { theme, turnTheme } from './theme.js';
import { connection } from '../data/live.js';

const CONNECTION = { live: 'live', connecting: 'connecting', gone: 'node gone' };
const PIPELINE_OF = { features: 'feature', training: 'training', models: 'training', try: 'inference', predictions: 'inference', monitoring: 'inference' };

/** Wordmark, system, pages, whether the node is there, and the theme. */
export const Header = ({ systems }) =>
  h('header', { class: 'top' }, [
    h('div', { class: 'top-row' }, [
      h('a', { class: 'wordmark', href: route.system ? href(route.system, 'overview') : '#/', 'aria-label': 'Triptych, to the overview' }, [emblem(), 'Triptych']),
      systems.length > 1
        ? h(
            'select',
            { class: 'system', 'aria-label': 'system', value: route.system, onChange: (chosen) => go(href(chosen.target.value, route.page)) },
            systems.map((system) => h('option', { value: system.name }, system.name)),
          )
        : h('span', { class: 'system', title: route.system }, route.system),
      h('span', { class: ['connection', connection.value], role: 'status' }, CONNECTION[connection.value]),
      h(
        'button',
        { class: 'quiet theme', onClick: turnTheme, 'aria-label': theme.value === 'dark' ? 'light theme' : 'dark theme', title: theme.value === 'dark' ? 'Light' : 'Dark' },
        theme.value === 'dark' ? '☀' : '☾',
      ),
    ]),
    h('nav', { 'aria-label': 'pages' }, [
      PAGES.map((page) =>
        h(
          'a',
          { key: page.name, href: href(route.system, page.name), class: PIPELINE_OF[page.name], 'aria-current': route.page === page.name ? 'page' : undefined },
          page.title,
        ),
      ),
    ]),
  ]);
Header.props = ['systems', 'system'];

const emblem = () =>
  h('svg', { viewBox: '0 0 32 32', width: 26, height: 26, 'aria-hidden': true }, [
    h('path', { class: 'feature', d: 'M3 9.5 9.5 6v16L3 25.5z' }),
    h('path', { class: 'training', d: 'M11 9a5 5 0 0 1 10 0v14H11z' }),
    h('path', { class: 'inference', d: 'M22.5 6 29 9.5v16L22.5 22z' }),
    h('path', { class: 'base', d: 'M3 27.5h26v1.800H3z' }),
  ]);
