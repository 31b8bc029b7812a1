import { theme } from '../shell/theme.js';

/** The theme's colours, for a canvas, which cannot read the style sheet itself. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    dark: theme.value === 'dark',
    ink: of('ink'),
    soft: of('soft'),
    muted: of('muted'),
    line: of('line'),
    surface: of('surface'),
    paper: of('paper'),
    feature: of('feature'),
    training: of('training'),
    inference: of('inference'),
    good: of('good'),
    warn: of('warn'),
    bad: of('bad'),
  };
}
