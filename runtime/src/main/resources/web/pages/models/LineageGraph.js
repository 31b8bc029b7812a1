import { h, computed } from '../../vue.js';

const COLUMN = 168;
const BOX = { width: 140, height: 40 };
const ROW = 56;
const PAD = 8;
const LETTERS_MAX = 19;
// From where data come to where they are used.
const STAGES = ['SOURCE', 'FEATURE_PIPELINE', 'VIEW', 'DATASET', 'TRAINING_RUN', 'VERSION', 'ALIAS', 'DEPLOYMENT', 'INFERENCE_PIPELINE'];
const PIPELINE = {
  SOURCE: 'feature',
  FEATURE_PIPELINE: 'feature',
  VIEW: 'feature',
  DATASET: 'training',
  TRAINING_RUN: 'training',
  VERSION: 'training',
  ALIAS: 'inference',
  DEPLOYMENT: 'inference',
  INFERENCE_PIPELINE: 'inference',
};

/** `nodes` are `{ id, kind, name }`, `edges` `{ from, to }`; drawn in columns by kind. */
export const LineageGraph = {
  props: ['nodes', 'edges'],
  setup(props) {
    const layout = computed(() => {
      const stages = STAGES.filter((stage) => props.nodes.some((node) => node.kind === stage));
      const columns = stages.map((stage) => props.nodes.filter((node) => node.kind === stage));
      const rows = Math.max(1, ...columns.map((column) => column.length));
      const placed = new Map();
      columns.forEach((column, x) =>
        column.forEach((node, y) => placed.set(node.id, { ...node, x: PAD + x * COLUMN, y: PAD + 16 + (y + (rows - column.length) / 2) * ROW })),
      );
      return { placed, stages, width: stages.length * COLUMN - (COLUMN - BOX.width) + 2 * PAD, height: rows * ROW + 2 * PAD + 8 };
    });

    const edge = ({ from, to }) => {
      const [a, b] = [layout.value.placed.get(from), layout.value.placed.get(to)];
      if (!a || !b) {
        return null;
      }
      const [x1, y1, x2, y2] = [a.x + BOX.width, a.y + BOX.height / 2, b.x, b.y + BOX.height / 2];
      const middle = (x1 + x2) / 2;
      return h('path', { d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}` });
    };
    const box = (node) =>
      h('g', { key: node.id, class: PIPELINE[node.kind] }, [
        h('title', [`${said(node.kind)}: ${node.name}`, ...Object.entries(node.details ?? {}).map(([name, value]) => `\n${name}: ${value}`)]),
        h('rect', { x: node.x, y: node.y, ...BOX, rx: 7 }),
        h('text', { x: node.x + 10, y: node.y + 16, class: 'kind' }, said(node.kind)),
        h('text', { x: node.x + 10, y: node.y + 31 }, clipped(node.name)),
      ]);

    return () =>
      h('div', { class: 'lineage', tabindex: 0, role: 'region', 'aria-label': 'lineage' }, [
        h('svg', { viewBox: `0 0 ${layout.value.width} ${layout.value.height}`, role: 'img', 'aria-label': `lineage: ${props.nodes.map((node) => `${said(node.kind)} ${node.name}`).join(', ')}` }, [
          props.edges.map(edge),
          [...layout.value.placed.values()].map(box),
        ]),
      ]);
  },
};

const said = (kind) => kind.toLowerCase().replace('_', ' ');

const clipped = (name) => (name.length > LETTERS_MAX ? `${name.slice(0, LETTERS_MAX - 1)}…` : name);
