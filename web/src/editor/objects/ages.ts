/**
 * The number an object is called by: its place by age, which its id tells, so that everybody at
 * the image counts alike and the order of the pile does not matter. Kept sorted as objects come and
 * go; a number is found by halving.
 */
import type { StoreDiff } from '../store';

/** From this many at once on, sorting beats putting them in one by one. */
const kBulk = 64;

export class Ages {
  private ids: string[] = [];

  follow({ added, removed }: StoreDiff): void {
    if (removed.length > kBulk) {
      const gone = new Set(removed);
      this.ids = this.ids.filter((id) => !gone.has(id));
    } else {
      for (const id of removed) {
        const at = this.place(id);
        if (this.ids[at] === id) this.ids.splice(at, 1);
      }
    }
    if (added.length > kBulk) {
      this.ids = [...this.ids, ...added.map((entry) => entry.annotation.id)].sort(byCode);
    } else {
      for (const { annotation } of added)
        this.ids.splice(this.place(annotation.id), 0, annotation.id);
    }
  }

  /** From 1; 0 for what is not there. */
  numberOf(id: string): number {
    const at = this.place(id);
    return this.ids[at] === id ? at + 1 : 0;
  }

  private place(id: string): number {
    let low = 0;
    let high = this.ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ids[middle]! < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
