import { reactive, watch } from '../../vue.js';
import { path, post } from '../../data/client.js';
import { typed } from '../../format/value.js';

const PAUSE_MS = 80;

/**
 * The answer to the values of the form, asked again when they change: one question at a time, and always the newest.
 *
 * @returns `{ answer, error }`
 */
export function usePrediction(question, values, deployment) {
  const state = reactive({ answer: null, error: null });
  let asking = false;
  let again = false;
  let pause = null;

  async function ask() {
    if (asking) {
      again = true;
      return;
    }
    const asked = question();
    if (!asked || asked.deployment !== deployment()) {
      return;
    }
    asking = true;
    try {
      const features = Object.fromEntries(asked.inputs.map(({ feature, type }) => [feature, typed(type, values.value[feature] === 'missing' ? null : values.value[feature])]));
      const answered = await post(path('systems', asked.system, 'deployments', asked.deployment, ':predict'), { instances: [{ features }], explain: true });
      Object.assign(state, { answer: answered.predictions[0], error: null });
    } catch (error) {
      state.error = error;
    } finally {
      asking = false;
      if (again) {
        again = false;
        ask();
      }
    }
  }

  watch(
    () => [question(), values.value],
    () => {
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE_MS);
    },
    { immediate: true },
  );
  return state;
}
