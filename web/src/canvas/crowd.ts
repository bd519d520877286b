/**
 * The shapes of a crowded image as tiles drawn by workers. Tiles are kept for panning; while the
 * scale changes those of another scale are stretched until sharp ones arrive, and a small picture
 * of the whole image stands in where there are none. A change spoils only the tiles it touches, and
 * is drawn on top until they are new.
 */
import type { Camera, Size } from '../editor/camera';
import { visibleRect } from '../editor/camera';
import type { Editor } from '../editor/editor';
import type { Bounds } from '../editor/outline';
import { restingFill } from '../editor/look';
import type { Entry, StoreDiff } from '../editor/store';
import { colorOf } from './coloring';
import { RasterPool } from './rasterPool';
import { packShapes } from './shapePack';
import { inImageDevice } from './space';
import {
  boundsOfRect,
  byDistance,
  clip,
  grown,
  kTileSide,
  overlap,
  tileBounds,
  tilesIn,
  type TilePlace,
} from './tileGrid';
import { TileSet } from './tileSet';

const kTilesMax = 96;
const kOlderMax = 2;
/** The picture of the whole image has so many device pixels on its longer side. */
const kOverviewSide = 2 * kTileSide;
/** Screen pixels by which lines and marks reach beyond their shape's bounds. */
const kReachPx = 6;
/** More changes at once wait for their tiles instead of being drawn on top. */
const kLateMax = 300;

interface Asked {
  set: TileSet;
  place: TilePlace;
  stale: boolean;
}

export class Crowd {
  private readonly pool = new RasterPool(workers());
  private readonly known = new Set<string>();
  private readonly asked: Asked[] = [];
  private readonly late = new Set<string>();
  private current: TileSet;
  private older: TileSet[] = [];
  private overview: TileSet;
  private excluded: ReadonlySet<string> = new Set();
  private seen: Bounds = [0, 0, 0, 0];
  private frame = 0;
  tilesDrawn = 0;

  constructor(
    private readonly editor: Editor,
    private devicePixels: number,
    private readonly onReady: () => void,
  ) {
    const { width, height } = editor.view.image.get();
    this.overview = new TileSet(kOverviewSide / Math.max(width, height));
    this.current = new TileSet(this.scale());
    this.syncAll();
  }

  get settled(): boolean {
    return this.pool.idle && this.nextWanted() === null;
  }

  dispose(): void {
    for (const set of this.sets()) set.clear();
    this.pool.dispose();
  }

  /** Returns the objects that are to be drawn on top. */
  draw(
    context: CanvasRenderingContext2D,
    camera: Camera,
    stage: Size,
    devicePixels: number,
    { moving, excluded }: { moving: boolean; excluded: ReadonlySet<string> },
  ): readonly Entry[] {
    if (devicePixels !== this.devicePixels) this.resize(devicePixels);
    this.exclude(excluded);
    this.frame += 1;
    this.seen = boundsOfRect(visibleRect(camera, stage));
    // Tiles of another scale are worth their cost once the camera rests.
    if (!moving || this.current.size === 0) this.changeScale(this.scale());
    inImageDevice(context, camera, devicePixels);
    context.imageSmoothingEnabled = true;
    const fresh = this.drawTiles(context);
    if (fresh) this.late.clear();
    this.pump();
    return this.late.size > kLateMax
      ? []
      : [...this.late].flatMap((id) => this.editor.store.get(id) ?? []);
  }

  follow({ added, updated, removed, before }: StoreDiff): void {
    const put = [...added, ...updated];
    this.sync(put, removed, false);
    for (const entry of [...before.values(), ...put]) this.spoil(entry);
    for (const { annotation } of put) this.late.add(annotation.id);
  }

  /** Only what is hidden or shown has changed. */
  followVisibility(): void {
    const changed = this.editor.store
      .ordered()
      .filter((entry) => this.shown(entry) !== this.known.has(entry.annotation.id));
    this.sync(changed, [], false);
    for (const entry of changed) this.spoil(entry);
  }

  /** Colours may all be others. */
  syncAll(): void {
    this.sync(this.editor.store.ordered(), [], true);
    this.restyle();
  }

  restyle(): void {
    for (const set of this.sets()) set.spoil(null);
    for (const asked of this.asked) asked.stale = true;
  }

  private drawTiles(context: CanvasRenderingContext2D): boolean {
    const scale = this.scale();
    let fresh = true;
    for (const place of tilesIn(this.seen, scale)) {
      const bounds = tileBounds(place, scale);
      const sharp = this.current.scale === scale ? this.current.get(place) : undefined;
      if (sharp) this.current.draw(context, bounds, scale, this.frame);
      else this.drawStandIn(context, bounds, scale);
      fresh &&= sharp?.stale === false;
    }
    return fresh;
  }

  private drawStandIn(context: CanvasRenderingContext2D, bounds: Bounds, scale: number): void {
    const part = clip(bounds, this.seen);
    const whole = [this.current, ...this.older].find((set) => set.covers(part));
    if (whole) return whole.draw(context, part, scale, this.frame);
    this.overview.draw(context, clip(part, this.image()), scale, this.frame);
  }

  private changeScale(scale: number): void {
    if (scale === this.current.scale) return;
    const back = this.older.find((set) => set.scale === scale);
    const sets = [this.current, ...this.older].filter((set) => set !== back);
    for (const set of sets.slice(kOlderMax)) set.clear();
    this.older = sets.slice(0, kOlderMax);
    this.current = back ?? new TileSet(scale);
  }

  private pump(): void {
    while (this.pool.free) {
      const wanted = this.nextWanted();
      if (wanted === null) return;
      this.ask(wanted.set, wanted.place);
    }
  }

  private ask(set: TileSet, place: TilePlace): void {
    const asked: Asked = { set, place, stale: false };
    this.asked.push(asked);
    const { devicePixels } = this;
    const fillAlpha = restingFill(this.editor.look.get());
    this.pool.draw({ place, scale: set.scale, devicePixels, fillAlpha }, (picture) => {
      this.asked.splice(this.asked.indexOf(asked), 1);
      this.tilesDrawn += 1;
      set.put(place, picture, this.frame, asked.stale);
      set.keep(kTilesMax);
      this.onReady();
      this.pump();
    });
  }

  /** What is seen, then the whole image, then what the next pan would bring. */
  private nextWanted(): { set: TileSet; place: TilePlace } | null {
    const zooming = this.current.scale !== this.scale();
    const near = grown(this.seen, (0.5 * kTileSide) / this.current.scale);
    return (
      (zooming ? null : this.missing(this.current, this.seen)) ??
      this.missing(this.overview, this.image()) ??
      (zooming ? null : this.missing(this.current, clip(near, this.image())))
    );
  }

  private missing(set: TileSet, bounds: Bounds): { set: TileSet; place: TilePlace } | null {
    const places = tilesIn(bounds, set.scale).filter((place) => {
      const tile = set.get(place);
      return (!tile || tile.stale) && !this.isAsked(set, place);
    });
    if (places.length === 0) return null;
    const [x0, y0, x1, y1] = this.seen;
    const [place] = byDistance(places, set.scale, (x0 + x1) / 2, (y0 + y1) / 2);
    return { set, place: place! };
  }

  private isAsked(set: TileSet, { column, row }: TilePlace): boolean {
    return this.asked.some(
      ({ set: other, place, stale }) =>
        !stale && other === set && place.column === column && place.row === row,
    );
  }

  private exclude(excluded: ReadonlySet<string>): void {
    const { excluded: before } = this;
    const changed = [
      ...[...excluded].filter((id) => !before.has(id)),
      ...[...before].filter((id) => !excluded.has(id)),
    ];
    if (changed.length === 0) return;
    this.excluded = new Set(excluded);
    this.pool.tell({ type: 'exclude', ids: [...excluded] });
    for (const id of changed) {
      const entry = this.editor.store.get(id);
      if (entry) this.spoil(entry);
      if (before.has(id)) this.late.add(id);
    }
  }

  private spoil({ outline, placed }: Entry): void {
    if (!placed) return;
    for (const set of this.sets()) {
      set.spoil(grown(outline.bounds, (kReachPx * this.devicePixels) / set.scale));
    }
    for (const asked of this.asked) {
      const { scale } = asked.set;
      const reach = grown(outline.bounds, (kReachPx * this.devicePixels) / scale);
      if (overlap(tileBounds(asked.place, scale), reach)) asked.stale = true;
    }
  }

  private sync(entries: readonly Entry[], removed: readonly string[], reset: boolean): void {
    if (reset) this.known.clear();
    const shown = entries.filter((entry) => this.shown(entry));
    const gone = entries.filter((entry) => !this.shown(entry)).map((entry) => entry.annotation.id);
    const remove = [...removed, ...gone];
    for (const id of remove) this.known.delete(id);
    const shapes = shown.map(({ annotation, outline }) => {
      this.known.add(annotation.id);
      const color = colorOf(this.editor, annotation);
      return { id: annotation.id, z: annotation.z ?? '', color, outline };
    });
    this.pool.tell({ type: 'sync', reset, put: packShapes(shapes), remove });
  }

  private shown(entry: Entry): boolean {
    return entry.placed && this.editor.isVisible(entry);
  }

  private resize(devicePixels: number): void {
    this.devicePixels = devicePixels;
    for (const set of this.sets()) set.clear();
  }

  private scale(): number {
    return this.editor.view.camera.get().zoom * this.devicePixels;
  }

  private image(): Bounds {
    const { width, height } = this.editor.view.image.get();
    return [0, 0, width, height];
  }

  private sets(): TileSet[] {
    return [this.current, ...this.older, this.overview];
  }
}

/** One core stays with the page. */
function workers(): number {
  return Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1));
}
