// The one place that knows which Vue. Its runtime alone: templates would be compiled with eval, which the
// Content-Security-Policy forbids, so components are render functions.
export * from '/webjars/vue/3.5.26/dist/vue.runtime.esm-browser.prod.js';
