import { h, computed, watch, onErrorCaptured, ref } from '../vue.js';
import { Header } from './Header.js';
import { TokenDialog } from './TokenDialog.js';
import { PAGES } from './pages.js';
import { route, href } from './route.js';
import { loadSystems } from './systems.js';
import { connection, followRoute } from '../data/live.js';
import { Empty, Failure, settled } from '../components/States.js';

/** What is around every page. */
export const Shell = {
  setup() {
    const systems = loadSystems();
    followRoute();
    const page = computed(() => PAGES.find((known) => known.name === route.page));
    const system = computed(() => systems.data?.find((known) => known.name === route.system));
    const broken = ref(null);

    watch(
      () => [systems.data, route.system],
      () => {
        if (systems.data?.length && !route.system) {
          location.replace(href(systems.data[0].name, 'overview'));
        }
      },
      { immediate: true },
    );
    watch([page, () => route.system], ([now]) => {
      broken.value = null;
      document.title = `${now?.title ?? 'Nothing here'} · ${route.system || 'Triptych'}`;
      scrollTo(0, 0);
    }, { immediate: true });
    onErrorCaptured((error) => {
      console.error(error);
      broken.value = error;
      return false;
    });

    const content = (all) => {
      if (!all.length) {
        return h(Empty, { title: 'This node has no systems yet' }, () => [
          'A system is a folder with a ',
          h('code', 'system.conf'),
          '. Start the node with ',
          h('code', '--systems FOLDER'),
          '.',
        ]);
      }
      if (!system.value) {
        return route.system && h(Empty, { title: `There is no system “${route.system}” here` }, () => [
          'Those of this node: ',
          all.map((known) => h('a', { href: href(known.name, 'overview') }, known.name)),
        ]);
      }
      if (!page.value) {
        return h(Empty, { title: 'There is no such page' }, () => h('a', { href: href(route.system, 'overview') }, 'To the overview'));
      }
      if (broken.value) {
        return h(Failure, { error: broken.value, retry: () => (broken.value = null) });
      }
      return h(page.value.component, { key: `${route.system}/${route.page}` });
    };

    return () => [
      h('a', { class: 'skip', href: '#content', onClick: skip }, 'To the content'),
      h(Header, { systems: systems.data ?? [], system: system.value }),
      connection.value === 'gone' &&
        h('div', { class: 'gone', role: 'status' }, 'The node does not answer. What you see is how it was; this page goes on as soon as the node is back.'),
      h('main', { id: 'content', tabindex: -1 }, [settled(systems, content)]),
      h(TokenDialog),
    ];
  },
};

/** By hand, as the part of the address behind # is the page. */
function skip(clicked) {
  clicked.preventDefault();
  document.getElementById('content').focus();
}
