/**
 * Where positions of a filtered or sorted list lie: beyond which cursor, and how far beyond it. The
 * server tells the marks of a list once, when somebody goes far into it, and again after a change.
 */
import type { AssetMarks } from '@/net/galleryRoutes';

export interface ListPlace {
  cursor?: string;
  skip: number;
}

/** So far every list is walked from its beginning. */
const kNear = 500;

export class ListPlaces {
  private marks: Promise<AssetMarks> | null = null;

  constructor(private readonly fetchMarks: () => Promise<AssetMarks>) {}

  async find(position: number): Promise<ListPlace> {
    if (position <= kNear) return { skip: position };
    const { every, cursors } = await this.known();
    const mark = Math.min(Math.floor(position / every), cursors.length);
    return mark === 0
      ? { skip: position }
      : { cursor: cursors[mark - 1], skip: position - mark * every };
  }

  forget(): void {
    this.marks = null;
  }

  private known(): Promise<AssetMarks> {
    if (!this.marks) {
      const asked = this.fetchMarks();
      this.marks = asked;
      asked.catch(() => {
        if (this.marks === asked) this.marks = null;
      });
    }
    return this.marks;
  }
}
