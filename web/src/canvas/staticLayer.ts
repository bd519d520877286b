/**
 * The shapes at rest. Few of them are drawn directly; a crowd is drawn by workers (crowd.ts).
 */
import { visibleRect, type Camera, type Rect, type Size } from '../editor/camera';
import type { Editor } from '../editor/editor';
import { restingFill } from '../editor/look';
import { byDepth, type Entry } from '../editor/store';
import { colorOf } from './coloring';
import { Crowd } from './crowd';
import { kRestStyle, paintOutline } from './paint';
import { inImage } from './space';
import { boundsOfRect, clip } from './tileGrid';

/** More shapes than this in view and the workers draw them. */
const kDirectMax = 250;
/** Shapes spread evenly; when so many times `kDirectMax` are expected, nobody has to look. */
const kSurely = 4;
/** A camera that has not moved for so long rests. */
const kRestMs = 120;

export class StaticLayer {
  private crowd: Crowd | null = null;
  private crowded = false;
  private lastCamera: Camera | null = null;
  private restTimer: ReturnType<typeof setTimeout> | null = null;
  private found: { camera: Camera; version: number; entries: readonly Entry[] | null } | null =
    null;
  private readonly unsubscribe: (() => void)[];

  constructor(
    private readonly editor: Editor,
    private readonly onReady: () => void,
  ) {
    let { colorBy } = editor.look.get();
    this.unsubscribe = [
      editor.store.changes.on((diff) => this.crowd?.follow(diff)),
      editor.labels.subscribe(() => this.crowd?.syncAll()),
      editor.visibility.subscribe(() => this.crowd?.followVisibility()),
      editor.look.subscribe(() => {
        const recolored = editor.look.get().colorBy !== colorBy;
        colorBy = editor.look.get().colorBy;
        if (recolored) this.crowd?.syncAll();
        else this.crowd?.restyle();
        this.onReady();
      }),
    ];
  }

  /** True when nothing is on its way that would change what is seen. */
  get settled(): boolean {
    return this.restTimer === null && (!this.crowded || (this.crowd?.settled ?? true));
  }

  get tilesDrawn(): number {
    return this.crowd?.tilesDrawn ?? 0;
  }

  dispose(): void {
    for (const stop of this.unsubscribe) stop();
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.crowd?.dispose();
  }

  /**
   * Draws what is at rest. Returns the shapes in view, bottom first, or null for a crowd, whose
   * shapes nobody needs one by one.
   */
  draw(
    context: CanvasRenderingContext2D,
    stage: Size,
    devicePixels: number,
    excluded: ReadonlySet<string>,
  ): readonly Entry[] | null {
    const camera = this.editor.view.camera.get();
    const moving = this.lastCamera !== null && this.lastCamera !== camera && this.crowded;
    this.lastCamera = camera;
    // In mid-motion a crowd stays one: counting it again would cost more than drawing its tiles.
    const few = moving ? null : this.fewInView(camera, stage);
    if (moving) this.lookAgainAtRest();
    this.crowded = few === null;
    if (few) {
      this.drawDirect(context, camera, devicePixels, few, excluded);
      return few;
    }
    // Hovered and selected shapes may stay in the tiles, the overlay covers them; taking each out
    // would draw them anew at every step of the pointer.
    const dragged = new Set(this.editor.overlay.get().replaced.keys());
    this.crowd ??= new Crowd(this.editor, devicePixels, this.onReady);
    const manner = { moving, excluded: dragged };
    const late = this.crowd.draw(context, camera, stage, devicePixels, manner);
    this.drawDirect(context, camera, devicePixels, late, dragged);
    return null;
  }

  private lookAgainAtRest(): void {
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => {
      this.restTimer = null;
      this.onReady();
    }, kRestMs);
  }

  private fewInView(camera: Camera, stage: Size): readonly Entry[] | null {
    const version = this.editor.store.version.get();
    if (this.found?.camera !== camera || this.found.version !== version) {
      this.found = { camera, version, entries: this.findFew(visibleRect(camera, stage)) };
    }
    return this.found.entries;
  }

  private findFew(rect: Rect): readonly Entry[] | null {
    const { store, view } = this.editor;
    const { width, height } = view.image.get();
    const [x0, y0, x1, y1] = clip(boundsOfRect(rect), [0, 0, width, height]);
    const share = (Math.max(0, x1 - x0) * Math.max(0, y1 - y0)) / (width * height);
    if (store.size * share > kSurely * kDirectMax) return null;
    const found = store.within(boundsOfRect(rect));
    return found.length > kDirectMax ? null : found.sort(byDepth);
  }

  private drawDirect(
    context: CanvasRenderingContext2D,
    camera: Camera,
    devicePixels: number,
    entries: readonly Entry[],
    excluded: ReadonlySet<string>,
  ): void {
    inImage(context, camera, devicePixels);
    const fillAlpha = restingFill(this.editor.look.get());
    for (const entry of entries) {
      const { annotation, outline } = entry;
      if (!entry.placed || excluded.has(annotation.id) || !this.editor.isVisible(entry)) continue;
      const color = colorOf(this.editor, annotation);
      paintOutline(context, outline, { ...kRestStyle, fillAlpha, color }, camera.zoom);
    }
  }
}
