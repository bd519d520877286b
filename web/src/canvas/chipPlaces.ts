/** Where a chip stands at its object: beside what was placed before it, and not under a panel. */
import type { Rect } from '../editor/camera';

export const kChipHeight = 18;
const kGap = 3;
const kMargin = 4;

/** In CSS pixels, like all here: what no panel covers. */
export interface Free {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Place {
  x: number;
  y: number;
  width: number;
}

/** The best place that is free; null where none is, or the object is out of sight. */
export function freePlace(
  object: Rect,
  width: number,
  free: Free,
  taken: readonly Place[],
): Place | null {
  const found = places(object, width, free);
  return found.find((place) => !taken.some((other) => covers(place, other))) ?? null;
}

/** The best place, whatever stands there. */
export function bestPlace(object: Rect, width: number, free: Free): Place | null {
  return places(object, width, free)[0] ?? null;
}

/** On the object, in it, below it; at its left, then at its right. */
function places({ x, y, width: w, height: h }: Rect, width: number, free: Free): Place[] {
  if (x > free.right || x + w < free.left || y > free.bottom || y + h < free.top) return [];
  const above = y - kChipHeight - kGap;
  const inside = Math.max(y + kGap, free.top + kMargin);
  const foot = Math.min(y + h, free.bottom) - kChipHeight - kGap;
  const below = y + h + kGap;
  const [left, right] = [x - 1, x + w + 1 - width].map((at) =>
    Math.round(Math.max(free.left, Math.min(at, free.right - width))),
  ) as [number, number];
  const rows = [above, inside, below, foot].filter(
    (at) => at >= free.top && at + kChipHeight <= free.bottom,
  );
  return [left, right].flatMap((at) => rows.map((row) => ({ x: at, y: Math.round(row), width })));
}

function covers(one: Place, other: Place): boolean {
  return (
    Math.abs(one.y - other.y) < kChipHeight &&
    one.x < other.x + other.width &&
    other.x < one.x + one.width
  );
}
