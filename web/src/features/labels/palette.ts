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
