// Proof: that nothing was changed, that predictions can be computed again, what happened to a key, what would have been.
import { h } from '../vue.js';
import { route } from '../shell/route.js';
import { useSystem } from '../shell/systems.js';
import { PageTitle } from '../components/PageTitle.js';
import { Seals } from './audit/Seals.js';
import { ReplayAll } from './audit/ReplayAll.js';
import { Story } from './audit/Story.js';
import { WhatIf } from './audit/WhatIf.js';

export const Audit = {
  setup() {
    const system = useSystem();
    return () =>
      h('div', { class: 'audit' }, [
        h(PageTitle, { title: 'Audit', lead: 'Nobody has to believe this node: its journal is sealed, and every prediction can be computed again.' }),
        h('div', { class: 'columns' }, [h(Seals), h(ReplayAll)]),
        system.value && h(Story, { system: system.value }),
        system.value && h(WhatIf, { system: system.value, key: route.system }),
      ]);
  },
};
