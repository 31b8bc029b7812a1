import { h } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { settled } from '../../components/States.js';

/** The curves of a version's held-out rows, where its evaluation is kept. */
export const Curves = {
  props: ['model', 'version'],
  setup(props) {
    const to = () => path('systems', route.system, 'models', props.model, 'versions', props.version, 'evaluation');
    const evaluation = useResource((signal) => get(to(), {}, signal).catch(quiet), to);
    return () => evaluation.data?.absent !== true && h(Section, { title: 'Curves', to: to(), csv: false }, () => settled(evaluation, () => null));
  },
};

function quiet(failure) {
  if (failure.status === 404 || failure.status === 501) {
    return { absent: true };
  }
  throw failure;
}
