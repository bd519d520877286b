/** Where the person looks: camera, stage and image size, and the free area between the panels. */
import type { Point } from '../kernel/records';
import {
  clampZoom,
  fitCamera,
  fitRect,
  keepVisible,
  mirrored,
  openingCamera,
  orientationOf,
  panBy,
  placed,
  toImage,
  toScreen,
  toScreenRect,
  turned,
  zoomAt,
  type Camera,
  type Orientation,
  type Rect,
  type Size,
} from './camera';
import type { Bounds } from './outline';
import { Signal } from './signal';

export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface Pixel {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** A line where `axis` has the value `at`, in image pixels. */
export interface Guide {
  readonly axis: 'x' | 'y';
  readonly at: number;
}

/** Below this stage width the first view hugs the tool rail instead of being centred. */
const kCompactWidth = 1400;
/** The corner beside the rail that stays image on a compact stage; see `openingCamera`. */
const kCompactAnchor: Rect = { x: 88, y: 80, width: 150, height: 150 };

export class View {
  readonly camera = new Signal<Camera>({ zoom: 1, x: 0, y: 0 });
  readonly stage = new Signal<Size>({ width: 1, height: 1 });
  readonly image = new Signal<Size>({ width: 1, height: 1 });
  /** Pointer in image pixels, null while it is elsewhere. */
  readonly pointer = new Signal<Point | null>(null);
  /** The pixel under the pointer, where it is known. */
  readonly pixel = new Signal<Pixel | null>(null);
  /** Lines across the image, drawn by hand, that drawing snaps to. */
  readonly guides = new Signal<readonly Guide[]>([]);
  private insets: Insets = { top: 0, right: 0, bottom: 0, left: 0 };
  private opened = false;

  setImage(size: Size): void {
    this.image.set(size);
    this.opened = false;
    this.openOnce();
  }

  /** Before the first real size there is nothing to fit into. */
  setStage(size: Size, insets: Insets): void {
    this.insets = insets;
    this.stage.set(size);
    this.openOnce();
  }

  toImage(screen: Point): Point {
    return toImage(this.camera.get(), screen[0], screen[1]);
  }

  toScreen(point: Point): Point {
    return toScreen(this.camera.get(), point[0], point[1]);
  }

  /** Image pixels that `screenPixels` cover at the present zoom. */
  reach(screenPixels: number): number {
    return screenPixels / this.camera.get().zoom;
  }

  pan(dx: number, dy: number): void {
    this.move(panBy(this.camera.get(), dx, dy));
  }

  zoomAt(screen: Point, factor: number): void {
    this.move(zoomAt(this.camera.get(), screen, factor));
  }

  zoomCentre(factor: number): void {
    this.zoomAt(this.middle(), factor);
  }

  fit(): void {
    this.move(this.fitted());
  }

  /** Quarter turns clockwise. An image that was seen whole is seen whole again. */
  turn(quarters: number): void {
    const whole = this.camera.get().zoom <= this.fitted().zoom * 1.001;
    this.orient(turned(this.camera.get(), quarters));
    if (whole) this.fit();
  }

  flip(axis: 'x' | 'y'): void {
    this.orient(mirrored(this.camera.get(), axis));
  }

  upright(): void {
    this.orient({});
  }

  /** Where a box of the image lies on the screen. */
  shownRect([x0, y0, x1, y1]: Bounds): Rect {
    return toScreenRect(this.camera.get(), { x: x0, y: y0, width: x1 - x0, height: y1 - y0 });
  }

  /** Brings an image point to the middle of the free area. */
  centreOn(point: Point): void {
    const camera = this.camera.get();
    this.move(placed(camera, camera.zoom, point, this.middle()));
  }

  actualSize(): void {
    this.zoomCentre(1 / this.camera.get().zoom);
  }

  show(bounds: Bounds): void {
    const [x, y, x1, y1] = bounds;
    const rect = { x, y, width: x1 - x, height: y1 - y };
    this.move(fitRect(rect, this.area(), 8, this.camera.get()));
  }

  /** The image point in the middle of the free area, and the zoom: what others follow. */
  shown(): readonly [number, number, number] {
    const [u, v] = this.toImage(this.middle());
    return [Math.round(u * 10) / 10, Math.round(v * 10) / 10, this.camera.get().zoom];
  }

  /** The camera that shows here what `shown` said elsewhere. */
  cameraFor([u, v, scale]: readonly [number, number, number]): Camera {
    const camera = placed(this.camera.get(), clampZoom(scale), [u, v], this.middle());
    return keepVisible(camera, this.image.get(), this.stage.get());
  }

  /** Moves the view only when the point is not in the free area. */
  reveal(point: Point): void {
    const { x, y, width, height } = this.area();
    const [u, v] = this.toScreen(point);
    if (u >= x && v >= y && u <= x + width && v <= y + height) return;
    this.pan(x + width / 2 - u, y + height / 2 - v);
  }

  clampToImage(point: Point): Point {
    const { width, height } = this.image.get();
    return [Math.min(width, Math.max(0, point[0])), Math.min(height, Math.max(0, point[1]))];
  }

  private openOnce(): void {
    const stage = this.stage.get();
    if (this.opened || stage.width <= 1 || this.image.get().width <= 1) return;
    this.opened = true;
    const compact = stage.width < kCompactWidth;
    this.camera.set(
      compact
        ? openingCamera(this.image.get(), this.area(), kCompactAnchor)
        : fitCamera(this.image.get(), this.area()),
    );
  }

  private area(): Rect {
    const { width, height } = this.stage.get();
    const { top, right, bottom, left } = this.insets;
    return {
      x: left,
      y: top,
      width: Math.max(50, width - left - right),
      height: Math.max(50, height - top - bottom),
    };
  }

  private fitted(): Camera {
    return fitCamera(this.image.get(), this.area(), this.camera.get());
  }

  private middle(): Point {
    const { x, y, width, height } = this.area();
    return [x + width / 2, y + height / 2];
  }

  /** Everything keeps its size, and what is in the middle stays there. */
  private orient(orientation: Orientation): void {
    const middle = this.middle();
    const { zoom } = this.camera.get();
    this.move(placed(orientationOf(orientation), zoom, this.toImage(middle), middle));
  }

  private move(camera: Camera): void {
    this.camera.set(keepVisible(camera, this.image.get(), this.stage.get()));
  }
}
