/**
 * A brush going over a mask. Its tip is a disc or a square of whole pixels; between two places it
 * goes pixel by pixel, and each row that it covered is filled once.
 */
import type { Point } from '../../kernel/records';
import type { MaskTiles } from './maskTiles';

export type BrushForm = 'round' | 'square';

/** Pixels that a tip covers: of each row the first column and the one after the last. */
type Tip = readonly (readonly [number, number])[];

/** Rims of a small disc look round only when its corners, barely inside, are left out. */
const kRim = 0.1;

function makeTip(diameter: number, form: BrushForm): Tip {
  const rows: (readonly [number, number])[] = [];
  for (let row = 0; row < diameter; row++) {
    if (form === 'square') {
      rows.push([0, diameter]);
      continue;
    }
    const y = row + 0.5 - diameter / 2;
    const half = Math.sqrt(Math.max(0, (diameter / 2 - kRim) ** 2 - y * y));
    const first = Math.ceil(diameter / 2 - 0.5 - half);
    rows.push([first, diameter - first]);
  }
  return rows;
}

export class Stroke {
  private readonly tips = new Map<number, Tip>();
  private readonly rows = new Map<number, [number, number]>();
  private last: { at: Point; diameter: number } | null = null;

  constructor(
    private readonly tiles: MaskTiles,
    private readonly form: BrushForm,
  ) {}

  /** Goes to `at` from where it was; the first time it is set down there. */
  to(at: Point, diameter: number): void {
    const from = this.last ?? { at, diameter };
    this.last = { at, diameter };
    const dx = at[0] - from.at[0];
    const dy = at[1] - from.at[1];
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy))));
    this.rows.clear();
    for (let step = 0; step <= steps; step++) {
      const t = step / steps;
      const size = Math.max(1, Math.round(from.diameter + (diameter - from.diameter) * t));
      this.press(from.at[0] + dx * t, from.at[1] + dy * t, size);
    }
    for (const [y, [x0, x1]] of this.rows) this.tiles.fillRow(y, x0, x1);
  }

  private press(x: number, y: number, diameter: number): void {
    const left = Math.round(x - diameter / 2);
    const top = Math.round(y - diameter / 2);
    const tip = this.tip(diameter);
    for (let row = 0; row < diameter; row++) {
      const x0 = left + tip[row]![0];
      const x1 = left + tip[row]![1];
      const covered = this.rows.get(top + row);
      if (!covered) this.rows.set(top + row, [x0, x1]);
      else {
        if (x0 < covered[0]) covered[0] = x0;
        if (x1 > covered[1]) covered[1] = x1;
      }
    }
  }

  private tip(diameter: number): Tip {
    let tip = this.tips.get(diameter);
    if (!tip) {
      tip = makeTip(diameter, this.form);
      this.tips.set(diameter, tip);
    }
    return tip;
  }
}
