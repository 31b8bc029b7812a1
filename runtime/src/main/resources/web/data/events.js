// What the events of /events are about.
export const isRun = (event) => 'run' in event;
export const isModel = (event) => 'aliasMove' in event || 'version' in event || event.run?.kind === 'TRAINING';
export const isDeployment = (event) => 'deployment' in event || isModel(event);
export const isPrediction = (event) => 'predictions' in event || event.run?.kind === 'INFERENCE';
export const isAlert = (event) => 'alert' in event;
