import { createApp } from './vue.js';
import { Shell } from './shell/Shell.js';

createApp(Shell).mount('#app');
