// What the events of /events are about; after missed ones, everything may have moved.
const about =
  (...kinds) =>
  (event) =>
    'missed' in event || kinds.some((kind) => event[kind]);

export const isRun = about('run');
export const isModel = about('model');
export const isDeployment = about('deployment', 'model');
export const isPrediction = about('predictions');
export const isRows = about('rows');
export const isAlert = about('alerts');

/** A run has ended: what it made is there. */
export const isRunEnded = (event) => 'missed' in event || (event.run !== undefined && event.run.state !== 'RUNNING');
