/**
 * A picture too large to be held whole: tiles of halved levels, fetched as they are looked at. What
 * is not there yet is shown from a coarser level, and from the small picture below all of them.
 */
import type { Size } from '../editor/camera';
import type { Bounds } from '../editor/outline';
import { byDistance, clip, grown, tileBounds, tileKey, tilesIn, type TilePlace } from './tileGrid';
import { TileSet } from './tileSet';

const kFetchesMax = 4;
/** About a megabyte each. */
const kTilesMax = 120;
/** A tile that could not be had is asked for again after this long. */
const kRetryMs = 3_000;

export type TileUrl = (level: number, place: TilePlace) => string;

export class ImagePyramid {
  private readonly levels: TileSet[] = [];
  private readonly asked = new Map<string, AbortController>();
  private readonly refused = new Map<string, number>();
  private frame = 0;
  private closed = false;
  private wanted: { level: number; bounds: Bounds } | null = null;

  constructor(
    private readonly size: Size,
    private readonly url: TileUrl,
    private readonly onReady: () => void,
  ) {
    const coarsest = Math.ceil(Math.log2(Math.max(size.width, size.height) / 512));
    for (let level = 0; level <= Math.max(0, coarsest); level++) {
      this.levels.push(new TileSet(2 ** -level));
    }
  }

  get settled(): boolean {
    return this.asked.size === 0;
  }

  /** The level whose pixels are at least as fine as the screen's. */
  levelFor(scale: number): number {
    const level = Math.floor(Math.log2(1 / scale) + 1e-6);
    return Math.min(this.levels.length - 1, Math.max(0, level));
  }

  /** The context is in device pixels of the image's axes, `scale` of them an image pixel. */
  draw(context: CanvasRenderingContext2D, seen: Bounds, scale: number): void {
    this.frame += 1;
    const bounds = clip(seen, [0, 0, this.size.width, this.size.height]);
    const level = this.levelFor(scale);
    for (const set of this.levels.slice(level).reverse()) {
      set.draw(context, bounds, scale, this.frame);
    }
    this.wanted = { level, bounds };
    this.fetchMore();
  }

  /** The pixels of a part of the image at a level, fetched as far as they are not here. */
  async read(context: OffscreenCanvasRenderingContext2D, bounds: Bounds, level: number) {
    const set = this.levels[level]!;
    const side = set.scale;
    for (const place of tilesIn(bounds, side)) {
      const known = set.get(place)?.picture;
      const picture = known ?? (await fetchTile(this.url(level, place)));
      const [x, y] = tileBounds(place, side);
      context.drawImage(picture, (x - bounds[0]) * side, (y - bounds[1]) * side);
      if (!known) picture.close();
    }
  }

  close(): void {
    this.closed = true;
    for (const abort of this.asked.values()) abort.abort();
    for (const set of this.levels) set.clear();
  }

  private fetchMore(): void {
    const next = this.closed ? [] : this.missing();
    const keys = new Set(next.map(({ key }) => key));
    for (const [key, abort] of this.asked) if (!keys.has(key)) abort.abort();
    for (const { key, level, place } of next) {
      if (this.asked.size >= kFetchesMax) return;
      if (!this.asked.has(key)) void this.fetch(key, level, place);
    }
  }

  private missing(): { key: string; level: number; place: TilePlace }[] {
    if (!this.wanted) return [];
    const { level, bounds } = this.wanted;
    const set = this.levels[level]!;
    const [x0, y0, x1, y1] = bounds;
    const near = clip(grown(bounds, 256 / set.scale), [0, 0, this.size.width, this.size.height]);
    const places = byDistance(tilesIn(near, set.scale), set.scale, (x0 + x1) / 2, (y0 + y1) / 2);
    const now = performance.now();
    return places.flatMap((place) => {
      const key = `${level}/${tileKey(place)}`;
      if (set.get(place) || (this.refused.get(key) ?? 0) > now) return [];
      return [{ key, level, place }];
    });
  }

  private async fetch(key: string, level: number, place: TilePlace): Promise<void> {
    const abort = new AbortController();
    this.asked.set(key, abort);
    const set = this.levels[level]!;
    try {
      const picture = await fetchTile(this.url(level, place), abort.signal);
      if (this.closed) return picture.close();
      set.put(place, picture, this.frame, false);
      set.keep(kTilesMax);
    } catch {
      if (!abort.signal.aborted) this.refused.set(key, performance.now() + kRetryMs);
    } finally {
      if (this.asked.get(key) === abort) this.asked.delete(key);
      if (!this.closed) {
        this.fetchMore();
        this.onReady();
      }
    }
  }
}

async function fetchTile(url: string, signal?: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { credentials: 'same-origin', signal: signal ?? null });
  if (!response.ok) throw new Error(`tile answered ${response.status}`);
  return createImageBitmap(await response.blob());
}
