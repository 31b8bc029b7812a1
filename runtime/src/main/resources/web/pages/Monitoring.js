// How it goes, live.
import { h } from '../vue.js';
import { PageTitle } from '../components/PageTitle.js';

export const Monitoring = {
  setup() {
    return () => h('div', { class: 'inference' }, [h(PageTitle, { title: 'Monitoring', lead: 'Is it still right, and is the world still as it was?' })]);
  },
};
