/**
 * WCAG contrast of every text token on every surface, by arithmetic. Glass lies over images of
 * any colour. The luminance of tint and backdrop together grows with each channel of the
 * backdrop, so that white and black backdrops are the two extremes, not a sample.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

type Rgb = readonly [number, number, number];
type Tokens = ReadonlyMap<string, string>;

const css = readFileSync(fileURLToPath(new URL('./tokens.css', import.meta.url)), 'utf8');

function declarations(selector: string): [string, string][] {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`tokens.css has no ${selector}`);
  const block = css.slice(start, css.indexOf('}', start));
  return [...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [
    match[1]!,
    match[2]!.trim(),
  ]);
}

const dark: Tokens = new Map(declarations(':root'));
const light: Tokens = new Map([...dark, ...declarations(":root[data-theme='light']")]);
const high: Tokens = new Map([...dark, ...declarations(":root[data-theme='contrast']")]);

function token(tokens: Tokens, name: string): string {
  const value = tokens.get(name);
  if (value === undefined) throw new Error(`no token --${name}`);
  return value;
}

function hex(value: string): Rgb {
  const digits = /^#([0-9a-f]{6})$/i.exec(value)?.[1];
  if (!digits) throw new Error(`${value} is no #rrggbb`);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Rgb;
}

function withAlpha(value: string): { rgb: Rgb; alpha: number } {
  const rgb = /^rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)\)$/.exec(value);
  if (rgb) return { rgb: [+rgb[1]!, +rgb[2]!, +rgb[3]!], alpha: +rgb[4]! };
  const lch = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+) \/ ([\d.]+)\)$/.exec(value);
  if (lch) return { rgb: oklchToRgb(+lch[1]!, +lch[2]!, +lch[3]!), alpha: +lch[4]! };
  throw new Error(`cannot read the colour ${value}`);
}

// CSS Color 4, section 9.4 and 10.2.
function oklchToRgb(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((value) => {
    const inside = Math.min(1, Math.max(0, value));
    return 255 * (inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055);
  }) as unknown as Rgb;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function over(top: Rgb, alpha: number, bottom: Rgb): Rgb {
  return top.map((value, at) => value * alpha + bottom[at]! * (1 - alpha)) as unknown as Rgb;
}

function surfaces(tokens: Tokens): Map<string, Rgb> {
  const tint = token(tokens, 'tint').split(' ').map(Number) as unknown as Rgb;
  const cap = Number(token(tokens, 'cap'));
  const result = new Map<string, Rgb>();
  const opaque = ['bg', 'solid', 'solid-2'];
  for (const name of opaque) result.set(name, hex(token(tokens, name)));
  for (const [name, level] of [
    ['white', 255],
    ['black', 0],
  ] as const) {
    const plain: Rgb = [level, level, level];
    const capped: Rgb = [level * cap, level * cap, level * cap];
    const glass = (alphaName: string) => Number(token(tokens, alphaName));
    result.set(`glass over ${name}`, over(tint, glass('a-cap'), capped));
    result.set(`tool glass over ${name}`, over(tint, glass('a-tool'), capped));
    result.set(`glass without filter over ${name}`, over(tint, glass('a-plain'), plain));
  }
  for (const glow of ['glow-1', 'glow-2']) {
    const { rgb, alpha } = withAlpha(token(tokens, glow));
    result.set(`bg with ${glow}`, over(rgb, alpha, hex(token(tokens, 'bg'))));
  }
  for (const name of opaque) {
    const { rgb, alpha } = withAlpha(token(tokens, 'hover'));
    result.set(`hover on ${name}`, over(rgb, alpha, hex(token(tokens, name))));
  }
  return result;
}

/** As of badges and of pictures of empty pages, in components.css. */
const kTint = 0.12;

const textTokens = ['text', 'text-2', 'text-3', 'accent', 'ai', 'ok', 'warn', 'err'];

describe.each([
  ['dark', dark, 4.5],
  ['light', light, 4.5],
  ['high contrast', high, 7],
] as const)('%s theme', (_theme, tokens, least) => {
  const all = [...surfaces(tokens)];

  test.each(all)('text on %s can be read', (_name, surface) => {
    for (const name of textTokens) {
      const ratio = contrast(hex(token(tokens, name)), surface);
      expect(ratio, `--${name}: ${ratio.toFixed(2)}`).toBeGreaterThanOrEqual(least);
    }
  });

  test('edges of controls and the focus ring have 3:1 or more', () => {
    for (const [where, surface] of all.filter(([name]) => !name.startsWith('hover'))) {
      for (const name of ['control-edge', 'accent']) {
        const ratio = contrast(hex(token(tokens, name)), surface);
        expect(ratio, `--${name} on ${where}: ${ratio.toFixed(2)}`).toBeGreaterThanOrEqual(3);
      }
    }
  });

  test('white text on buttons can be read', () => {
    for (const name of ['btn', 'btn-ai', 'btn-danger']) {
      const ratio = contrast([255, 255, 255], hex(token(tokens, name)));
      expect(ratio, `--${name}: ${ratio.toFixed(2)}`).toBeGreaterThanOrEqual(least);
    }
  });

  test('names of states on their own tint can be read', () => {
    for (const [where, surface] of all.filter(([name]) => /^(bg|solid|solid-2)$/.test(name))) {
      for (const name of ['ok', 'warn', 'err', 'ai', 'accent']) {
        const ink = hex(token(tokens, name));
        const ratio = contrast(ink, over(ink, kTint, surface));
        expect(ratio, `--${name} on ${where}: ${ratio.toFixed(2)}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});

test('the arithmetic itself: black on white is 21:1, grey #777 on white 4.48:1', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  expect(contrast(hex('#777777'), [255, 255, 255])).toBeCloseTo(4.48, 2);
  expect(oklchToRgb(0.627955, 0.257683, 29.2339).map(Math.round)).toEqual([255, 0, 0]);
});
