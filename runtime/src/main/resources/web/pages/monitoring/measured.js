import { get, path } from '../../data/client.js';
import { useResource } from '../../data/resource.js';
import { isPrediction, isRows } from '../../data/events.js';
import { route } from '../../shell/route.js';

const AGAIN_MS = 5_000;

/** One of the monitoring calls of a deployment, over the time that the page is set to; measured again as things move. */
export function useMeasured(call, deployment) {
  const to = () => path('systems', route.system, 'monitoring', call);
  const query = () => ({ deployment: deployment(), ...(route.query.window ? { since: since(Number(route.query.window)) } : {}) });
  // Measuring reads the record: not for each of many predictions.
  let last = 0;
  const moved = (event) => {
    const due = (isPrediction(event) || isRows(event)) && Date.now() - last > AGAIN_MS;
    last = due ? Date.now() : last;
    return due;
  };
  const measured = useResource((signal) => get(to(), query(), signal), () => [to(), deployment(), route.query.window], moved);
  return { measured, to, query };
}

const since = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
