/**
 * The canvas stack and its one frame loop. Three layers, each with its own dirty flag: image,
 * shapes at rest, and the overlay. A frame draws only what is dirty and none is asked for while
 * nothing is.
 */
import { visibleRect } from '../editor/camera';
import type { Editor } from '../editor/editor';
import { Follower } from '../editor/follow';
import type { ToolInput } from '../editor/input';
import type { Entry } from '../editor/store';
import type { Insets } from '../editor/view';
import type { Free, Place } from './chipPlaces';
import { ChipPainter, type Chip } from './chips';
import { colorOf } from './coloring';
import { drawGrid, kGridZoom } from './guides';
import { ImageLayer, type ImageState } from './imageLayer';
import { NameChips } from './nameChips';
import { drawOverlay } from './overlayLayer';
import { PixelProbe } from './pixelProbe';
import { PointerBinding } from './pointerInput';
import { inDevicePixels, inImageDevice, inScreen } from './space';
import { StaticLayer } from './staticLayer';
import { boundsOfRect, clip } from './tileGrid';
import { ToneFilter } from './toneFilter';

export interface StageOptions {
  editor: Editor;
  /** Holds the three canvases; the last one takes the pointer. */
  host: HTMLElement;
  canvases: readonly [HTMLCanvasElement, HTMLCanvasElement, HTMLCanvasElement];
  insets(width: number, height: number): Insets;
  onInput(input: ToolInput): void;
  onImageState(state: ImageState): void;
  /** Nothing can be changed by pointer: no grips are shown. */
  panOnly: boolean;
}

export interface StageStats {
  frames: number;
  /** Script time of the last frame. */
  lastFrameMs: number;
  /** Tiles of shapes that workers drew. */
  tiles: number;
}

/** Who asks for less motion is taken to the followed view at once. */
const kStill = window.matchMedia('(prefers-reduced-motion: reduce)');

type Layer = 'image' | 'shapes' | 'overlay' | 'pixel';

export class Stage {
  readonly image: ImageLayer;
  readonly pointer: PointerBinding;
  readonly stats: StageStats = { frames: 0, lastFrameMs: 0, tiles: 0 };
  private readonly shapes: StaticLayer;
  private readonly chips = new ChipPainter();
  private readonly names = new NameChips();
  private readonly follower: Follower;
  private readonly tone: ToneFilter;
  private readonly probe: PixelProbe;
  private fading: ReturnType<typeof setTimeout> | null = null;
  private readonly contexts: CanvasRenderingContext2D[];
  private readonly dirty = new Set<Layer>();
  private readonly stops: (() => void)[];
  private readonly resize: ResizeObserver;
  private frame = 0;
  private devicePixels = 1;
  private free: Free = { left: 0, top: 0, right: 0, bottom: 0 };
  /** Of the objects at rest: those in hand step aside. */
  private chipPlaces: Place[] = [];
  private active: ReadonlySet<string> = new Set();

  constructor(private readonly options: StageOptions) {
    const { editor, host, canvases } = options;
    this.contexts = canvases.map((canvas) => canvas.getContext('2d')!);
    this.tone = new ToneFilter(canvases[0]);
    this.image = new ImageLayer((state) => {
      this.probe?.forget();
      this.mark('image', 'pixel');
      options.onImageState(state);
    });
    editor.pixels = (rect, scale) => this.image.pixels(editor.view.image.get(), rect, scale);
    this.probe = new PixelProbe(
      (rect) => editor.pixels(rect),
      () => this.mark('pixel'),
    );
    this.shapes = new StaticLayer(editor, () => this.mark('shapes'));
    this.pointer = new PointerBinding(canvases[2], editor, options.onInput);
    const all = () => this.mark('image', 'shapes', 'overlay');
    const upper = () => this.mark('shapes', 'overlay');
    const top = () => this.mark('overlay');
    const { view, company } = editor;
    this.follower = new Follower(view, company, () => kStill.matches);
    this.stops = [
      view.camera.subscribe(all),
      view.stage.subscribe(all),
      view.image.subscribe(all),
      editor.store.version.subscribe(upper),
      editor.labels.subscribe(upper),
      editor.visibility.subscribe(upper),
      editor.selection.subscribe(upper),
      editor.hovered.subscribe(upper),
      editor.overlay.subscribe(() => this.overlayChanged()),
      company.moved.subscribe(top),
      company.following.subscribe(top),
      editor.pastDiff.subscribe(top),
      editor.ghosts.subscribe(top),
      editor.focusedGhost.subscribe(top),
      editor.tool.subscribe(top),
      editor.activeLabel.subscribe(top),
      view.pointer.subscribe(() =>
        this.mark('pixel', ...(this.crosshair() ? ['overlay' as const] : [])),
      ),
      view.guides.subscribe(top),
      editor.look.subscribe(all),
      editor.cursor.subscribe(() => {
        canvases[2].style.cursor = editor.cursor.get();
      }),
    ];
    canvases[2].style.cursor = editor.cursor.get();
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(host);
    this.measure();
  }

  /** Nothing to draw, nothing on its way to be drawn. */
  get settled(): boolean {
    return this.dirty.size === 0 && this.shapes.settled && this.image.settled;
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.resize.disconnect();
    for (const stop of this.stops) stop();
    if (this.fading !== null) clearTimeout(this.fading);
    this.follower.dispose();
    this.pointer.dispose();
    this.shapes.dispose();
    this.tone.dispose();
    this.options.editor.pixels = () => Promise.resolve(null);
    this.image.clear();
    // The bitmaps of detached canvases stay until they are collected.
    for (const canvas of this.options.canvases) canvas.width = canvas.height = 0;
  }

  measure(): void {
    const { host, canvases, editor, insets } = this.options;
    const { clientWidth: width, clientHeight: height } = host;
    if (width === 0 || height === 0) return;
    this.devicePixels = window.devicePixelRatio || 1;
    for (const canvas of canvases) {
      canvas.width = Math.round(width * this.devicePixels);
      canvas.height = Math.round(height * this.devicePixels);
    }
    const free = insets(width, height);
    this.free = {
      left: Math.max(4, free.left - 8),
      top: free.top - 6,
      right: width - Math.max(4, free.right - 8),
      bottom: height - Math.max(0, free.bottom - 12),
    };
    editor.view.setStage({ width, height }, free);
    this.mark('image', 'shapes', 'overlay');
  }

  private crosshair(): boolean {
    return this.options.editor.tool.get() !== 'select';
  }

  private overlayChanged(): void {
    const active = this.activeIds();
    if (active.size === this.active.size && [...active].every((id) => this.active.has(id))) {
      this.mark('overlay');
    } else this.mark('shapes', 'overlay');
  }

  private activeIds(): Set<string> {
    const { editor } = this.options;
    const ids = new Set([...editor.selection.get(), ...editor.overlay.get().replaced.keys()]);
    const hovered = editor.hovered.get();
    if (hovered !== null) ids.add(hovered);
    return ids;
  }

  private mark(...layers: Layer[]): void {
    for (const layer of layers) this.dirty.add(layer);
    if (this.frame === 0) this.frame = requestAnimationFrame((time) => this.draw(time));
  }

  private draw(time: number): void {
    this.frame = 0;
    const started = performance.now();
    // Marks layers by moving the camera, so it comes before they are counted.
    const following = this.follower.step(time);
    const dirty = new Set(this.dirty);
    this.dirty.clear();
    if (following) this.mark('overlay');
    if (dirty.has('image')) this.drawImage();
    if (dirty.has('shapes')) this.drawShapes();
    if (dirty.has('overlay')) this.drawTop(time);
    if (dirty.has('pixel')) this.readPixel();
    this.stats.tiles = this.shapes.tilesDrawn;
    this.stats.frames += 1;
    this.stats.lastFrameMs = performance.now() - started;
  }

  private cleared(index: number): CanvasRenderingContext2D {
    const context = this.contexts[index]!;
    inDevicePixels(context);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    return context;
  }

  private drawImage(): void {
    const { view, look } = this.options.editor;
    const { devicePixels } = this;
    const { smooth, tone } = look.get();
    const manner = { devicePixels, stage: view.stage.get(), smooth };
    this.image.draw(this.cleared(0), view.image.get(), view.camera.get(), manner);
    this.tone.show(tone, this.image.whole);
  }

  private drawShapes(): void {
    const { editor } = this.options;
    const context = this.cleared(1);
    const camera = editor.view.camera.get();
    const stage = editor.view.stage.get();
    this.active = this.activeIds();
    if (editor.look.get().grid && camera.zoom >= kGridZoom) this.drawPixelGrid(context);
    const visible = this.shapes.draw(context, stage, this.devicePixels, this.active);
    if (visible === null) return;
    inScreen(context, this.devicePixels);
    const chips = visible
      .filter((entry) => !this.active.has(entry.annotation.id) && editor.isVisible(entry))
      .flatMap((entry) => this.chipOf(entry));
    this.chipPlaces = [];
    const options = { free: this.free, taken: this.chipPlaces, must: false };
    this.chips.paint(context, chips, camera, this.devicePixels, options);
  }

  private chipOf({ annotation, outline }: Entry): Chip[] {
    const { editor } = this.options;
    const { chips } = editor.look.get();
    if (chips === 'none') return [];
    const { name } = editor.labelOf(annotation);
    const { score, source } = annotation;
    const more = score === undefined ? (source ?? '') : `${Math.round(score * 100)} %`;
    const text = chips === 'details' && more !== '' ? `${name}  ${more}` : name;
    return [{ text, color: colorOf(editor, annotation), bounds: outline.bounds }];
  }

  private drawPixelGrid(context: CanvasRenderingContext2D): void {
    const { view } = this.options.editor;
    const camera = view.camera.get();
    const { width, height } = view.image.get();
    inImageDevice(context, camera, this.devicePixels);
    const seen = clip(boundsOfRect(visibleRect(camera, view.stage.get())), [0, 0, width, height]);
    drawGrid(context, seen, camera.zoom * this.devicePixels);
  }

  private readPixel(): void {
    const { view } = this.options.editor;
    const point = view.pointer.get();
    if (point === null) return view.pixel.set(null);
    const pixel = this.probe.at(point);
    const before = view.pixel.get();
    if (pixel?.x !== before?.x || pixel?.y !== before?.y) view.pixel.set(pixel);
  }

  private drawTop(time: number): void {
    const { editor } = this.options;
    const more = drawOverlay(editor, this.activeIds(), {
      context: this.cleared(2),
      stage: editor.view.stage.get(),
      devicePixels: this.devicePixels,
      grips: !this.options.panOnly,
      free: this.free,
      taken: [...this.chipPlaces],
      time: time / 1000,
      chips: this.chips,
      names: this.names,
      below: [this.contexts[0]!.canvas, this.contexts[1]!.canvas],
    });
    if (more) this.mark('overlay');
    else this.wakeToFade();
  }

  /** A cursor at rest asks for no frames until it begins to fade. */
  private wakeToFade(): void {
    const now = performance.now();
    const times = this.options.editor.company
      .presences()
      .flatMap(({ cursor }) => cursor?.fadesAt(now) ?? []);
    if (this.fading !== null) clearTimeout(this.fading);
    this.fading = null;
    if (times.length === 0) return;
    this.fading = setTimeout(() => this.mark('overlay'), Math.min(...times) - now + 1);
  }
}
