import * as assert from 'uvu/assert';
import { lineLook, PALETTE_CSS, scaleColour, withLightColours } from '../../../reports/charts/palette.ts';
import { suite } from '../../support/suite.ts';

const test = suite('colours of reports');

/** WCAG 2.1: contrast ratio of two colours as 0 to 255 channels. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const luminance = (rgb: readonly number[]) => {
    const [r = 0, g = 0, bl = 0] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const hex = (text: string) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));

test('every text and line colour has enough contrast on page and card, light and dark', () => {
  for (const block of PALETTE_CSS.split('@media')) {
    const shades = new Map(
      [...block.matchAll(/--(\w+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
    );
    assert.is(shades.size, 16);
    for (const ground of ['bg', 'card']) {
      for (const [name, value] of shades) {
        if (name === undefined || ['bg', 'card', 'line'].includes(name)) continue;
        const ratio = contrast(hex(value ?? ''), hex(shades.get(ground) ?? ''));
        assert.ok(ratio >= 4.5, `${name} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
  }
});

test('text on every colour of the scale can be read', () => {
  for (let share = 0; share <= 1; share += 0.01) {
    const { fill, text } = scaleColour(share);
    const ratio = contrast((fill.match(/\d+/g) ?? []).map(Number), hex(text));
    assert.ok(ratio >= 4.5, `${share}: ${ratio.toFixed(2)}`);
  }
});

test('eight lines differ in colour, and neighbours in dash and symbol as well', () => {
  const looks = Array.from({ length: 8 }, (_, i) => lineLook(i));
  assert.is(new Set(looks.map((look) => look.color)).size, 8);
  looks.slice(1).forEach((look, i) => {
    assert.not.equal(look.dash, looks[i]?.dash);
    assert.is.not(look.symbol, looks[i]?.symbol);
  });
});

test('a file of its own holds plain colours', () => {
  assert.is(
    withLightColours('fill="var(--fg)" stroke="var(--unknown)"'),
    'fill="#1f2328" stroke="var(--unknown)"',
  );
});

test.run();
