import { channels } from '@/editor/labels';

/**
 * Twelve hues of equal lightness and chroma in OKLCH (L 0.72, C 0.15, every 30 degrees, brought
 * into sRGB), in an order that puts neighbours far apart.
 */
export const palette: readonly string[] = [
  '#52A9FE',
  '#F47C6B',
  '#53BE70',
  '#C188EA',
  '#C89F07',
  '#04BBC3',
  '#EE79A1',
  '#99B234',
  '#9398FF',
  '#E78B30',
  '#06BFA8',
  '#E17CC2',
];

/** The first colour of the palette that is not in use, or the least used one. */
export function nextColor(used: readonly string[]): string {
  const counts = new Map(palette.map((color) => [color, 0]));
  for (const color of used) {
    const known = color.toUpperCase();
    if (counts.has(known)) counts.set(known, (counts.get(known) ?? 0) + 1);
  }
  let best = palette[0] ?? '#3B82F6';
  for (const [color, count] of counts) {
    if (count < (counts.get(best) ?? 0)) best = color;
  }
  return best;
}

/** Nearer than this in OKLab, and two thin lines cannot be told apart at a glance. */
const kAlike = 0.045;

/**
 * For each colour the index of an earlier one that looks the same, or -1. With more labels than the
 * palette has colours they repeat, and nobody is to be blamed for it.
 */
export function similarTo(colors: readonly string[]): number[] {
  if (colors.length > palette.length) return colors.map(() => -1);
  const places = colors.map(oklab);
  return places.map((place, index) =>
    places.slice(0, index).findIndex((other) => distance(place, other) < kAlike),
  );
}

type Lab = [number, number, number];

function distance(a: Lab, b: Lab): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Ottosson's OKLab of an sRGB colour. */
function oklab(hex: string): Lab {
  const [r, g, b] = channels(hex).map((value) => {
    const unit = value / 255;
    return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
  }) as Lab;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
