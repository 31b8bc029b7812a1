import { h } from '../../vue.js';
import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { route } from '../../shell/route.js';
import { Section } from '../../components/Section.js';
import { settled } from '../../components/States.js';
import { LineageGraph } from './LineageGraph.js';

/** Where a version came from and where it went: from sources to deployments, as columns with lines between. */
export const Lineage = {
  props: ['model', 'version'],
  setup(props) {
    const to = () => path('systems', route.system, 'models', props.model.model, 'versions', props.version.number, 'lineage');
    const lineage = useResource((signal) => get(to(), {}, signal), to);
    return () => h(Section, { title: 'Lineage', to: to(), csv: false }, () => settled(lineage, (data) => h(LineageGraph, { nodes: data.nodes ?? [], edges: data.edges ?? [] })));
  },
};
