/** Red, green and blue under the pointer, read from a patch that is fetched once for many moves. */
import type { Rect } from '../editor/camera';
import type { Pixel } from '../editor/view';
import type { Point } from '../kernel/records';

const kSide = 64;

export class PixelProbe {
  private patch: { x: number; y: number; data: ImageData } | null = null;
  private asking = false;

  constructor(
    private readonly read: (rect: Rect) => Promise<ImageData | null>,
    private readonly onReady: () => void,
  ) {}

  forget(): void {
    this.patch = null;
  }

  /** Null until it is known; `onReady` tells when to ask again. */
  at(point: Point): Pixel | null {
    const x = Math.floor(point[0]);
    const y = Math.floor(point[1]);
    const { patch } = this;
    if (patch) {
      const u = x - patch.x;
      const v = y - patch.y;
      const { width, height, data } = patch.data;
      if (u >= 0 && v >= 0 && u < width && v < height) {
        const at = 4 * (v * width + u);
        return { x, y, r: data[at]!, g: data[at + 1]!, b: data[at + 2]! };
      }
    }
    if (!this.asking) void this.fetch(x - (x % kSide), y - (y % kSide));
    return null;
  }

  private async fetch(x: number, y: number): Promise<void> {
    if (x < 0 || y < 0) return;
    this.asking = true;
    const data = await this.read({ x, y, width: kSide, height: kSide }).catch(() => null);
    this.asking = false;
    if (!data) return;
    this.patch = { x, y, data };
    this.onReady();
  }
}
