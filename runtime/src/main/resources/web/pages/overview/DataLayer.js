import { h } from '../../vue.js';
import { route, href } from '../../shell/route.js';
import { counted } from '../../format/number.js';

/** What the three panels share, beneath them. */
export const DataLayer = ({ system, models }) => {
  const views = system.views ?? [];
  const features = views.reduce((sum, view) => sum + (view.features?.length ?? 0), 0);
  const versions = models.reduce((sum, model) => sum + (model.versions?.length ?? 0), 0);
  const moves = models.reduce((sum, model) => sum + (model.moves?.length ?? 0), 0);
  return h('section', { class: 'data-layer', 'aria-label': 'shared data layer' }, [
    h('div', { class: 'columns-down', 'aria-hidden': true }, [
      h('span', { class: 'feature' }, 'writes'),
      h('span', { class: 'training' }, 'reads · registers'),
      h('span', { class: 'inference' }, 'reads · records'),
    ]),
    h('div', { class: 'stores' }, [
      store('Feature store', `${counted(views.length, 'view')}, ${counted(features, 'feature')}`, 'one event-sourced entity a key; offline as Parquet', href(route.system, 'features')),
      store('Journal', 'everything that ever happened', 'append only, sealed, replayable to the bit', href(route.system, 'audit')),
      store('Model registry', `${counted(versions, 'version')}, ${counted(moves, 'alias move')}`, 'immutable versions, moving aliases', href(route.system, 'models')),
    ]),
  ]);
};
DataLayer.props = ['system', 'models'];

const store = (name, holds, how, to) => h('a', { class: 'store', href: to }, [h('strong', name), h('span', holds), h('small', how)]);
