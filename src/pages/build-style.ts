import { fitColor } from './fit-color.ts';
import { STYLESHEET } from './stylesheet.ts';

/** WCAG 2.2 asks for 4.5 of text (1.4.3, AA); the rest is for the tint behind some of it. */
const CONTRAST = 5.4;

const OWN_COLOR = '#3346c8';

interface Theme {
  readonly paper: string;
  readonly card: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly edge: string;
  readonly stop: string;
}

const LIGHT: Theme = {
  paper: '#f7f6f2',
  card: '#ffffff',
  ink: '#1a1a18',
  soft: '#5d5b54',
  line: '#e4e1d9',
  edge: '#8f8c83',
  stop: '#b3261e',
};

const DARK: Theme = {
  paper: '#151513',
  card: '#1f1f1c',
  ink: '#f1efe9',
  soft: '#a9a69c',
  line: '#34332f',
  edge: '#77746b',
  stop: '#ff8a7d',
};

/** The stylesheet in the house's colour (`#rrggbb`; null for Behalf's own), which is made legible on light and on dark. */
export function buildStyle(color: string | null): string {
  const house = color ?? OWN_COLOR;
  // The ground that is nearer to the colour: on light pages the paper, on dark ones the card.
  const light = writeColors(LIGHT, fitColor(house, LIGHT.paper, CONTRAST), LIGHT.card);
  const dark = writeColors(DARK, fitColor(house, DARK.card, CONTRAST), DARK.paper);
  return `:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }${STYLESHEET}`;
}

function writeColors(theme: Theme, accent: string, onAccent: string): string {
  const colors = {
    ...theme,
    accent,
    'on-accent': onAccent,
    'accent-strong': `color-mix(in srgb, ${accent} 84%, ${theme.ink})`,
    tint: `color-mix(in srgb, ${accent} 12%, ${theme.paper})`,
  };
  return Object.entries(colors)
    .map(([name, value]) => `--${name}: ${value}`)
    .join('; ');
}
