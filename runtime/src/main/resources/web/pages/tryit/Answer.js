import { h } from '../../vue.js';
import { Section } from '../../components/Section.js';
import { Contributions } from '../../components/Contributions.js';
import { Loading } from '../../components/States.js';
import { route, href } from '../../shell/route.js';
import { decimal, number, percent } from '../../format/number.js';

const OUTCOMES_SHOWN = 8;

/** What was answered and what each value added to it. */
export const Answer = ({ prediction, values, dressed }) => {
  if (!prediction) {
    return h(Loading, { lines: 5 });
  }
  const scores = Object.entries(prediction.scores ?? {});
  const classified = scores.length > 1;
  const explained = explanationOf(prediction);
  return h(Section, { title: dressed ? 'Why' : 'The answer' }, {
    actions: () => h('a', { class: 'note', href: href(route.system, 'predictions', [], { id: prediction.id }) }, `version ${prediction.version}, on record`),
    default: () => [
      !dressed && h('p', { class: 'big-number answer' }, classified ? prediction.output : decimal(prediction.output, 6)),
      classified && !dressed && h('ul', { class: 'scores', 'aria-label': 'scores' }, scores.sort(([, a], [, b]) => number(b) - number(a)).slice(0, OUTCOMES_SHOWN).map(([outcome, score]) =>
        h('li', { key: outcome }, [h('span', { class: 'clip', title: outcome }, outcome), h('span', { class: 'bar' }, [h('i', { style: { width: `${100 * Math.max(0, Math.min(1, number(score)))}%` } })]), h('span', { class: 'figure' }, percent(score))]),
      )),
      explained
        ? [h('h3', classified ? `What speaks for “${explained.outcome}”` : 'What it is made of'), h(Contributions, { base: explained.base, byFeature: explained.byFeature, values: readable(values) })]
        : h('p', { class: 'note' }, 'This kind of model does not tell what each value added.'),
      (prediction.warnings ?? []).map((warning) => h('p', { class: 'problem' }, warning)),
    ],
  });
};
Answer.props = ['prediction', 'values', 'dressed'];

/** The answer in one line, which stays in sight on a phone while the form scrolls over the answer itself. */
export const AnswerNow = ({ prediction }) => {
  const outcome = explanationOf(prediction)?.outcome ?? prediction.output;
  const score = prediction.scores?.[outcome];
  return h('p', { class: 'answer-now', 'aria-hidden': true }, Object.keys(prediction.scores ?? {}).length > 1 ? [outcome, h('strong', percent(score))] : h('strong', decimal(prediction.output, 6)));
};
AnswerNow.props = ['prediction'];

/** The explanation of the outcome that the question is about: yes rather than no, else the one that was answered. */
export function explanationOf(prediction) {
  const all = prediction.explanation ?? {};
  const outcome = ['true', 'yes', '1'].find((positive) => positive in all) ?? (prediction.output in all ? prediction.output : Object.keys(all)[0]);
  return outcome === undefined ? null : { outcome, ...all[outcome] };
}

const readable = (values) => Object.fromEntries(Object.entries(values).map(([feature, value]) => [feature, value === 'missing' ? 'unknown' : Number.isFinite(Number(value)) && value !== '' ? decimal(value) : value]));
