import { defineAsyncComponent } from '../vue.js';
import { Loading } from '../components/States.js';

const page = (name, title, load) => ({ name, title, component: defineAsyncComponent({ loader: load, loadingComponent: Loading, delay: 150 }) });

/** The pages of a system, in the order of the menu; each is loaded when first opened. */
export const PAGES = [
  page('overview', 'Overview', async () => (await import('../pages/Overview.js')).Overview),
  page('features', 'Features', async () => (await import('../pages/Features.js')).Features),
  page('training', 'Training', async () => (await import('../pages/Training.js')).Training),
  page('models', 'Models', async () => (await import('../pages/Models.js')).Models),
  page('try', 'Try it', async () => (await import('../pages/TryIt.js')).TryIt),
  page('predictions', 'Predictions', async () => (await import('../pages/Predictions.js')).Predictions),
  page('monitoring', 'Monitoring', async () => (await import('../pages/Monitoring.js')).Monitoring),
  page('audit', 'Audit', async () => (await import('../pages/Audit.js')).Audit),
];
