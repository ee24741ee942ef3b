/**
 * Colours of charts as CSS variables, so that one drawing serves light, dark and print. Text has a contrast of at
 * least 4.5 to its ground, lines at least 3; neighbours also differ in dash and symbol, for those who see no colours.
 */
interface Shade {
  readonly light: string;
  readonly dark: string;
}

const SHADES = {
  bg: { light: '#ffffff', dark: '#0d1117' },
  fg: { light: '#1f2328', dark: '#e6edf3' },
  soft: { light: '#57606a', dark: '#9da7b1' },
  line: { light: '#d0d7de', dark: '#3d444d' },
  card: { light: '#f6f8fa', dark: '#161b22' },
  good: { light: '#116329', dark: '#56d364' },
  bad: { light: '#b31d28', dark: '#ff8b84' },
  warn: { light: '#7a4b00', dark: '#e3b341' },
  s1: { light: '#0b63c5', dark: '#6cb0ff' },
  s2: { light: '#c2410c', dark: '#ff9a57' },
  s3: { light: '#0f766e', dark: '#3fd3b4' },
  s4: { light: '#9d2f86', dark: '#ee8fd6' },
  s5: { light: '#856404', dark: '#e3c341' },
  s6: { light: '#5b3fc4', dark: '#b39dff' },
  s7: { light: '#4d5560', dark: '#b7c0ca' },
  s8: { light: '#a61b2b', dark: '#ff8a8f' },
} as const satisfies Record<string, Shade>;

export type Shades = keyof typeof SHADES;

/** A colour for a chart's option or a style: `var(--fg)`. */
export const colour = (name: Shades): string => `var(--${name})`;

const SERIES: readonly Shades[] = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'];
const DASHES = ['solid', [8, 4], [2, 3], [12, 4, 2, 4]] as const;
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'] as const;

/** How the n-th line of a chart looks, from 0. */
export function lineLook(index: number): {
  readonly color: string;
  readonly dash: 'solid' | number[];
  readonly symbol: (typeof SYMBOLS)[number];
} {
  const dash = DASHES[index % DASHES.length] ?? 'solid';
  return {
    color: colour(SERIES[index % SERIES.length] ?? 's1'),
    dash: dash === 'solid' ? dash : [...dash],
    symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
  };
}

const declarations = (theme: keyof Shade): string =>
  Object.entries(SHADES)
    .map(([name, shade]) => `--${name}: ${shade[theme]};`)
    .join(' ');

/** The variables for a page: by the reader's preference on a screen, light on paper. */
export const PALETTE_CSS = `:root { color-scheme: light dark; ${declarations('light')} }
@media screen and (prefers-color-scheme: dark) { :root { ${declarations('dark')} } }
`;

/** A drawing for viewers that know no variables: every colour spelled out, in light. */
export function withLightColours(svg: string): string {
  return svg.replace(/var\(--([a-z0-9]+)\)/g, (all, name: string) =>
    name in SHADES ? SHADES[name as Shades].light : all,
  );
}

/** Viridis at nine steps (van der Walt and Smith, 2015): even to the eye, and in grey. */
const VIRIDIS = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
] as const;

/** A colour of the scale for a share from 0 to 1, and the text colour that reads on it, in both themes. */
export function scaleColour(share: number): { readonly fill: string; readonly text: string } {
  const at = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const from = VIRIDIS[Math.floor(at)] ?? VIRIDIS[0];
  const to = VIRIDIS[Math.ceil(at)] ?? from;
  const rgb = from.map((value, i) => Math.round(value + (at % 1) * ((to[i] ?? value) - value)));
  return { fill: `rgb(${rgb.join(',')})`, text: luminance(rgb) > 0.179 ? '#000000' : '#ffffff' };
}

/** Relative luminance (WCAG 2.1); above 0.179 black text has more contrast than white. */
function luminance(rgb: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
