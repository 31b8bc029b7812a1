import { ref } from '../vue.js';

const root = document.documentElement;

/** `light` or `dark`, as shown. */
export const theme = ref(root.dataset.theme);

/** Turns to the other theme, and stays so on this machine. */
export function turnTheme() {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  root.dataset.theme = theme.value;
  localStorage.setItem('triptych.theme', theme.value);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (change) => {
  if (!localStorage.getItem('triptych.theme')) {
    theme.value = root.dataset.theme = change.matches ? 'dark' : 'light';
  }
});
