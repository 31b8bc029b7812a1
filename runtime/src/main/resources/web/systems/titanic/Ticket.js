import { h } from '../../vue.js';
import { presets } from '../titanic.js';
import { decimal, number, percent } from '../../format/number.js';

const TEN = 10;

/** A passenger's ticket, stamped with what the model expects: of ten like this one, so many reach a lifeboat. */
export const Ticket = ({ values, prediction, keyName }) => {
  const of = (name) => values[`profile.${name}`];
  const known = (name, unit = '') => (of(name) === 'missing' || of(name) === '' ? 'not known' : `${decimalOr(of(name))}${unit}`);
  const chance = number(prediction.scores?.true);
  const saved = ofTen(chance);
  const lives = prediction.output === 'true';
  return h('article', { class: ['ticket', lives ? 'lives' : 'lost'], 'aria-label': 'ticket' }, [
    h('header', [h('span', 'White Star Line'), h('strong', 'R.M.S. Titanic'), h('span', 'Southampton — New York, 10 April 1912')]),
    h('dl', [
      field('Passenger', nameOf(of('title'), keyName), 'name'),
      field('Class', known('class')),
      field('Age', known('age')),
      field('Sex', known('sex')),
      field('Siblings, spouse', known('sibsp')),
      field('Parents, children', known('parch')),
      field('In the party', known('party_size')),
    ]),
    h('div', { class: 'stamp' }, [h('strong', lives ? 'saved' : 'lost'), h('span', percent(lives ? chance : 1 - chance, 0))]),
    h('footer', [
      h('p', { class: 'ten', role: 'img', 'aria-label': `${saved} of ten` }, Array.from({ length: TEN }, (none, i) => h('span', { key: i, class: { saved: i < saved } }, [figure()]))),
      h('p', [h('strong', `${saved} of ten`), ' like this one reach a lifeboat']),
    ]),
  ]);
};
Ticket.props = ['values', 'prediction', 'keyName'];

// Ten of ten, or none, is said only of what is next to certain.
function ofTen(chance) {
  const rounded = Math.round(TEN * chance);
  return chance > 0.99 || chance < 0.01 ? rounded : Math.max(1, Math.min(TEN - 1, rounded));
}

const field = (name, value, kind) => h('div', { class: kind }, [h('dt', name), h('dd', { title: value }, value)]);

const decimalOr = (value) => (Number.isFinite(Number(value)) ? decimal(value, 3) : value);

function nameOf(title, key) {
  const known = presets.find((preset) => preset.key === key);
  const salutation = !title || title === 'missing' || title === 'Other' ? '' : `${title}. `;
  return known ? known.title.split(',')[0] : key ? `${salutation}No. ${key}` : `${salutation}Anybody`;
}

const figure = () =>
  h('svg', { viewBox: '0 0 12 24', 'aria-hidden': true }, [h('circle', { cx: 6, cy: 4.5, r: 3.2 }), h('path', { d: 'M1.5 22v-8.5a4.5 4.5 0 0 1 9 0V22z' })]);
