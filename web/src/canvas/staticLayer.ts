/**
 * The shapes at rest. Few of them are drawn directly; a crowd is drawn by a worker into a picture
 * somewhat larger than the stage, which follows the camera as a bitmap until a sharp one arrives.
 * What changed since the picture was taken is drawn on top of it.
 */
import { relativeCamera, visibleRect, type Camera, type Size } from '../editor/camera';
import type { Editor } from '../editor/editor';
import { byDepth, type Entry, type StoreDiff } from '../editor/store';
import { kRestStyle, paintOutline } from './paint';
import type { RasterReply, RasterRequest, RasterShape } from './rasterProtocol';

/** More shapes than this in view and the worker draws them. */
const kDirectMax = 250;
/** How much wider than the stage a picture is, on each side. */
const kMargin = 0.25;
/** A resting camera gets a sharp picture after this long. */
const kRestMs = 120;

interface Picture {
  bitmap: ImageBitmap;
  camera: Camera;
  excluded: ReadonlySet<string>;
}

interface Asked {
  sequence: number;
  camera: Camera;
  excluded: ReadonlySet<string>;
  changed: Set<string>;
}

export class StaticLayer {
  private worker: Worker | null = null;
  private picture: Picture | null = null;
  private changed = new Set<string>();
  private asked: Asked | null = null;
  private sequence = 0;
  private restTimer: ReturnType<typeof setTimeout> | null = null;
  private lastCamera: Camera | null = null;
  private crowded = false;
  private readonly unsubscribe: (() => void)[];

  constructor(
    private readonly editor: Editor,
    private readonly onReady: () => void,
  ) {
    this.unsubscribe = [
      editor.store.changes.on((diff) => this.follow(diff)),
      editor.labels.subscribe(() => this.resync()),
      editor.hidden.subscribe(() => this.resync()),
    ];
  }

  /** True when nothing is on its way that would change what is seen. */
  get settled(): boolean {
    return this.asked === null && this.restTimer === null;
  }

  dispose(): void {
    for (const stop of this.unsubscribe) stop();
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.picture?.bitmap.close();
    this.worker?.terminate();
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
    const moving = this.lastCamera !== camera && this.picture !== null && this.crowded;
    // In mid-motion a crowd stays one: counting it again would cost more than drawing its picture.
    const few = moving ? null : this.fewInView(stage);
    this.crowded = few === null;
    if (few) {
      this.lastCamera = camera;
      this.drawDirect(context, camera, few, excluded);
      return few;
    }
    // Hovered and selected shapes may stay in the picture, the overlay covers them; taking each out
    // would draw everything anew at every step of the pointer.
    const moved = new Set(this.editor.overlay.get().replaced.keys());
    this.drawCrowd(context, camera, stage, devicePixels, moved);
    return null;
  }

  private fewInView(stage: Size): readonly Entry[] | null {
    const rect = visibleRect(this.editor.view.camera.get(), stage);
    const bounds = [rect.x, rect.y, rect.x + rect.width, rect.y + rect.height] as const;
    const found = this.editor.store.within(bounds);
    return found.length > kDirectMax ? null : found.sort(byDepth);
  }

  private drawCrowd(
    context: CanvasRenderingContext2D,
    camera: Camera,
    stage: Size,
    devicePixels: number,
    excluded: ReadonlySet<string>,
  ): void {
    this.ensureWorker();
    this.keepFresh(camera, stage, devicePixels, excluded);
    if (!this.picture) return;
    const base = relativeCamera(this.picture.camera, scaled(camera, devicePixels));
    context.save();
    context.setTransform(base.zoom, 0, 0, base.zoom, base.x, base.y);
    context.drawImage(this.picture.bitmap, 0, 0);
    context.restore();
    const late = [...this.changed, ...this.picture.excluded].flatMap(
      (id) => this.editor.store.get(id) ?? [],
    );
    this.drawDirect(context, camera, late, excluded);
  }

  private drawDirect(
    context: CanvasRenderingContext2D,
    camera: Camera,
    entries: readonly Entry[],
    excluded: ReadonlySet<string>,
  ): void {
    for (const entry of entries) {
      const { annotation, outline } = entry;
      if (!entry.placed || excluded.has(annotation.id) || !this.editor.isVisible(entry)) continue;
      const color = this.editor.labelOf(annotation).color;
      paintOutline(context, outline, { ...kRestStyle, color }, camera.zoom);
    }
  }

  private keepFresh(
    camera: Camera,
    stage: Size,
    devicePixels: number,
    excluded: ReadonlySet<string>,
  ): void {
    const moved = this.lastCamera !== null && this.lastCamera !== camera;
    this.lastCamera = camera;
    const target = pictureCamera(camera, stage, devicePixels);
    const shown = this.asked ?? this.picture;
    const sharp = shown !== null && sameCamera(shown.camera, target);
    const current = this.changed.size === 0 && sharp && sameSet(shown.excluded, excluded);
    if (current) return;
    if (moved && this.picture && this.changed.size === 0) return this.askAtRest();
    if (this.asked === null && this.restTimer === null)
      this.ask(target, stage, devicePixels, excluded);
  }

  private askAtRest(): void {
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => {
      this.restTimer = null;
      this.onReady();
    }, kRestMs);
  }

  private ask(
    camera: Camera,
    stage: Size,
    devicePixels: number,
    excluded: ReadonlySet<string>,
  ): void {
    this.sequence += 1;
    const kept = new Set(excluded);
    this.asked = { sequence: this.sequence, camera, excluded: kept, changed: new Set() };
    this.send({
      type: 'render',
      sequence: this.sequence,
      camera,
      width: Math.ceil(stage.width * (1 + 2 * kMargin) * devicePixels),
      height: Math.ceil(stage.height * (1 + 2 * kMargin) * devicePixels),
      devicePixels,
      excluded: [...kept],
    });
  }

  private receive(reply: RasterReply): void {
    const { asked } = this;
    if (!asked || reply.sequence !== asked.sequence) return reply.picture.close();
    this.picture?.bitmap.close();
    this.picture = { bitmap: reply.picture, camera: asked.camera, excluded: asked.excluded };
    this.changed = asked.changed;
    this.asked = null;
    this.onReady();
  }

  private follow(diff: StoreDiff): void {
    if (!this.worker) return;
    const put = [...diff.added, ...diff.updated];
    this.sync(put, diff.removed, false);
    for (const entry of put) this.note(entry.annotation.id);
    for (const id of diff.removed) this.note(id);
  }

  private note(id: string): void {
    this.changed.add(id);
    this.asked?.changed.add(id);
  }

  private resync(): void {
    if (!this.worker) return;
    this.sync(this.editor.store.ordered(), [], true);
    for (const entry of this.editor.store.ordered()) this.note(entry.annotation.id);
  }

  private sync(entries: readonly Entry[], removed: readonly string[], reset: boolean): void {
    const shown = entries.filter((entry) => entry.placed && this.editor.isVisible(entry));
    const gone = entries.filter((entry) => !this.editor.isVisible(entry));
    const remove = [...removed, ...gone.map((entry) => entry.annotation.id)];
    this.send({ type: 'sync', reset, put: shown.map((entry) => this.rasterShape(entry)), remove });
  }

  private rasterShape({ annotation, outline }: Entry): RasterShape {
    const color = this.editor.labelOf(annotation).color;
    return { id: annotation.id, z: annotation.z ?? '', color, outline };
  }

  private ensureWorker(): void {
    if (this.worker) return;
    this.worker = new Worker(new URL('./raster.worker.ts', import.meta.url), { type: 'module' });
    this.worker.onmessage = (event: MessageEvent<RasterReply>) => this.receive(event.data);
    this.sync(this.editor.store.ordered(), [], true);
  }

  private send(request: RasterRequest): void {
    this.worker?.postMessage(request);
  }
}

function scaled(camera: Camera, by: number): Camera {
  return { zoom: camera.zoom * by, x: camera.x * by, y: camera.y * by };
}

function pictureCamera(camera: Camera, stage: Size, devicePixels: number): Camera {
  const device = scaled(camera, devicePixels);
  return {
    zoom: device.zoom,
    x: device.x + stage.width * kMargin * devicePixels,
    y: device.y + stage.height * kMargin * devicePixels,
  };
}

function sameCamera(a: Camera, b: Camera): boolean {
  return a.zoom === b.zoom && a.x === b.x && a.y === b.y;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
