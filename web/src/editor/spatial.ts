/** Where annotations are: an R*-tree of bounds that follows changes one by one or in bulk. */
import RBush from 'rbush';
import type { Bounds } from './outline';

interface Item {
  id: string;
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** From this share of new items on, a fresh bulk load beats single inserts. */
const kBulkShare = 0.25;

export class SpatialIndex {
  private readonly tree = new RBush<Item>();
  private readonly items = new Map<string, Item>();

  /** Null bounds take an item out of the index. */
  put(changes: readonly { id: string; bounds: Bounds | null }[]): void {
    const bulk = changes.length > 64 && changes.length > this.items.size * kBulkShare;
    for (const { id, bounds } of changes) {
      const before = this.items.get(id);
      if (before && !bulk) this.tree.remove(before);
      this.items.delete(id);
      if (bounds === null) continue;
      const item = { id, minX: bounds[0], minY: bounds[1], maxX: bounds[2], maxY: bounds[3] };
      this.items.set(id, item);
      if (!bulk) this.tree.insert(item);
    }
    if (bulk) this.tree.clear().load([...this.items.values()]);
  }

  remove(id: string): void {
    const item = this.items.get(id);
    if (!item) return;
    this.tree.remove(item);
    this.items.delete(id);
  }

  search(bounds: Bounds): string[] {
    const [minX, minY, maxX, maxY] = bounds;
    return this.tree.search({ minX, minY, maxX, maxY }).map((item) => item.id);
  }
}
