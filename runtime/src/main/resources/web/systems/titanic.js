// What the Titanic brings to the page "Try it": passengers people know, values that hang together, and a ticket.
export { Ticket as Card } from './titanic/Ticket.js';

/** Of the real passengers, by their keys in passengers.csv. */
export const presets = [
  { key: 'p0042', name: 'Molly Brown', title: 'Margaret Brown, 44, first class' },
  { key: 'p0011', name: 'J. J. Astor', title: 'Colonel John Jacob Astor, 47, first class' },
  { key: 'p0287', name: 'Ida Straus', title: 'Rosalie Ida Straus, 63, first class; she stayed with her husband' },
  { key: 'p0351', name: 'Edith Brown', title: 'Edith Brown, 15, second class, with her parents' },
  { key: 'p1309', name: 'Leo Zimmerman', title: 'Leo Zimmerman, 29, third class' },
];

const TITLES = { male: ['Mr', 'Master'], female: ['Mrs', 'Miss'] };
const BOY_YEARS = 13;

/** What follows from a change by hand: a family is as large as its members, and a title fits who bears it. */
export function linked(values, changed) {
  const follows = {};
  const together = Number(values['profile.sibsp']) + Number(values['profile.parch']) + 1;
  if (('profile.sibsp' in changed || 'profile.parch' in changed) && !('profile.family_size' in changed) && Number.isFinite(together)) {
    follows['profile.family_size'] = String(together);
    follows['profile.party_size'] = String(together);
  }
  const sex = values['profile.sex'];
  if (('profile.sex' in changed || 'profile.age' in changed) && !('profile.title' in changed) && TITLES[sex] && values['profile.title'] !== 'Other') {
    const boy = sex === 'male' && Number(values['profile.age']) < BOY_YEARS;
    const fits = TITLES[sex].includes(values['profile.title']) && sex === 'female';
    if (!fits) {
      follows['profile.title'] = sex === 'male' ? (boy ? 'Master' : 'Mr') : 'Mrs';
    }
  }
  const title = changed['profile.title'];
  const bears = Object.keys(TITLES).find((of) => TITLES[of].includes(title));
  if (bears && !('profile.sex' in changed)) {
    follows['profile.sex'] = bears;
  }
  return follows;
}
