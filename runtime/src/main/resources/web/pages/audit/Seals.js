import { h, ref } from '../../vue.js';
import { useStream } from '../../data/streaming.js';
import { Section } from '../../components/Section.js';
import { Badge } from '../../components/Badge.js';
import { Failure } from '../../components/States.js';
import { count, number } from '../../format/number.js';

/** Computes the chain of seals over the whole journal again. */
export const Seals = {
  setup() {
    const noted = ref('');
    const progress = ref(null);
    const wrong = ref('');
    const verification = useStream((message) => (progress.value = message));

    const verify = (submitted) => {
      submitted.preventDefault();
      const said = noted.value.trim().match(/^(\d+):([0-9a-fA-F]{64})$/);
      wrong.value = noted.value.trim() && !said ? 'A seal is its number, a colon and 64 hex digits.' : '';
      if (!wrong.value) {
        progress.value = null;
        verification.start('/audit/verify', said ? { 'noted.number': said[1], 'noted.hash': said[2] } : {});
      }
    };

    const outcome = (found) =>
      found.intact
        ? [
            h('p', [h(Badge, { look: 'good', text: 'intact' }), ` ${count(found.sealed)} entries under seals, ${count(found.unsealed)} not sealed yet`, number(found.erased) > 0 ? `, ${count(found.erased)} erased by request` : '', '.']),
            number(found.last?.number) > 0 && h('p', { class: 'note' }, ['The last seal; note it elsewhere: ', h('code', `${found.last.number}:${found.last.hash}`)]),
          ]
        : h('p', { class: 'bad-text' }, `Broken at seal ${found.brokenSeal}, entries ${count(found.firstEntry)} to ${count(found.lastEntry)}: ${found.problem}`);

    return () =>
      h(Section, { title: 'Seals', to: '/audit/verify', csv: false, note: 'SHA-256 over every journal entry and the seal before it. A changed, removed or inserted entry breaks the chain.' }, () => [
        h('form', { class: 'fields', onSubmit: verify }, [
          h('label', { class: 'wide' }, ['A seal noted earlier (optional)', h('input', { value: noted.value, placeholder: 'number:hash', onInput: (typed) => (noted.value = typed.target.value) })]),
          h('button', { type: 'submit', class: 'main', disabled: verification.running }, 'Verify'),
        ]),
        wrong.value && h('p', { class: 'problem', role: 'alert' }, wrong.value),
        verification.running && h('progress', { 'aria-label': 'verification', max: Math.max(1, number(progress.value?.total) || 1), value: number(progress.value?.done) || 0 }),
        verification.error && h(Failure, { error: verification.error }),
        progress.value?.result && h('div', { role: 'status', class: 'verdict' }, outcome(progress.value.result)),
      ]);
  },
};
