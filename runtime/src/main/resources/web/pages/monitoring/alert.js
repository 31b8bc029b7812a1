const SAID = {
  DRIFT: ({ measure, source }) => `${measure} of ${source} has drifted`,
  QUALITY: ({ measure, source }) => `${measure} of ${source} is out of bounds`,
  FRESHNESS: ({ source }) => `${source} is stale`,
};

/** An alert in words. */
export const sentence = (alert) => SAID[alert.kind]?.(alert) ?? `${alert.source}: ${alert.measure}`;
