/**
 * The view of the image: `screen = zoom * axes * image + offset`, in CSS pixels of the stage, where
 * the axes are turned by quarters and may be mirrored. Values only; who owns the camera decides
 * when it changes. Zoom stays within 0.02 and 64.
 */
import type { Point } from '../kernel/records';

/** Quarter turns clockwise. */
export type Turn = 0 | 1 | 2 | 3;

export interface Orientation {
  readonly turn?: Turn;
  /** Left and right are exchanged before the turn. */
  readonly flip?: boolean;
}

export interface Camera extends Orientation {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `[a, b, c, d]` as canvas transforms have them, of length one. */
export type Axes = readonly [number, number, number, number];

export const kZoomMin = 0.02;
export const kZoomMax = 64;
/** One notch of a wheel. */
export const kZoomStep = 1.1;

const kTurns: readonly Axes[] = [
  [1, 0, 0, 1],
  [0, 1, -1, 0],
  [-1, 0, 0, -1],
  [0, -1, 1, 0],
];
const kFlipped: readonly Axes[] = kTurns.map(([a, b, c, d]) => [-a, -b, c, d]);

export function axesOf({ turn = 0, flip = false }: Orientation): Axes {
  return (flip ? kFlipped : kTurns)[turn]!;
}

export function orientationOf({ turn = 0, flip = false }: Orientation): Orientation {
  return { turn, flip };
}

export function turned({ turn = 0, flip = false }: Orientation, quarters: number): Orientation {
  return { turn: quarter(turn + quarters), flip };
}

/** Mirrored as the screen shows it: `x` exchanges left and right, `y` top and bottom. */
export function mirrored({ turn = 0, flip = false }: Orientation, axis: 'x' | 'y'): Orientation {
  return { turn: quarter(axis === 'x' ? -turn : 2 - turn), flip: !flip };
}

function quarter(turns: number): Turn {
  return (((turns % 4) + 4) % 4) as Turn;
}

export function clampZoom(zoom: number): number {
  return Math.min(kZoomMax, Math.max(kZoomMin, zoom));
}

export function toScreen(camera: Camera, x: number, y: number): Point {
  const [a, b, c, d] = axesOf(camera);
  return [(a * x + c * y) * camera.zoom + camera.x, (b * x + d * y) * camera.zoom + camera.y];
}

export function toImage(camera: Camera, x: number, y: number): Point {
  const [a, b, c, d] = axesOf(camera);
  const u = (x - camera.x) / camera.zoom;
  const v = (y - camera.y) / camera.zoom;
  return [a * u + b * v, c * u + d * v];
}

/** Where a box of the image lies on the screen. */
export function toScreenRect(camera: Camera, { x, y, width, height }: Rect): Rect {
  return between(toScreen(camera, x, y), toScreen(camera, x + width, y + height));
}

function between([x0, y0]: Point, [x1, y1]: Point): Rect {
  const x = Math.min(x0, x1);
  const y = Math.min(y0, y1);
  return { x, y, width: Math.max(x0, x1) - x, height: Math.max(y0, y1) - y };
}

/** The image point under `screen` stays there. */
export function zoomAt(camera: Camera, screen: Point, factor: number): Camera {
  const [x, y] = toImage(camera, screen[0], screen[1]);
  return placed(camera, clampZoom(camera.zoom * factor), [x, y], screen);
}

/** The camera of this orientation and zoom that shows an image point at a place of the screen. */
export function placed(
  orientation: Orientation,
  zoom: number,
  [x, y]: Point,
  screen: Point,
): Camera {
  const [a, b, c, d] = axesOf(orientation);
  return {
    ...orientationOf(orientation),
    zoom,
    x: screen[0] - (a * x + c * y) * zoom,
    y: screen[1] - (b * x + d * y) * zoom,
  };
}

export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/** The size of the image as it is turned. */
export function shownSize({ width, height }: Size, { turn = 0 }: Orientation): Size {
  return turn % 2 === 0 ? { width, height } : { width: height, height: width };
}

/** Whole `image` inside `area`, centred. */
export function fitCamera(image: Size, area: Rect, orientation: Orientation = {}): Camera {
  const shown = shownSize(image, orientation);
  const zoom = clampZoom(Math.min(area.width / shown.width, area.height / shown.height));
  const middle: Point = [area.x + area.width / 2, area.y + area.height / 2];
  return placed(orientation, zoom, [image.width / 2, image.height / 2], middle);
}

/**
 * The first view of an image. It fits like `fitCamera`, but the corner of the stage that the tool
 * rail leaves free (`anchor`) is always image: on a compact window a centred portrait would begin
 * in the middle of the screen, far from the tools, and a panorama would be a thin ribbon.
 */
export function openingCamera(image: Size, area: Rect, anchor: Rect): Camera {
  const fit = fitCamera(image, area);
  const needed = Math.max(anchor.width / image.width, anchor.height / image.height);
  const zoom = clampZoom(Math.max(fit.zoom, needed));
  return {
    zoom,
    x: opening(area.x, area.width, image.width * zoom, anchor.x),
    y: opening(area.y, area.height, image.height * zoom, anchor.y),
  };
}

function opening(start: number, room: number, length: number, anchor: number): number {
  const centred = start + (room - length) / 2;
  return Math.min(anchor, Math.max(start, centred));
}

/** Brings a rectangle of the image into `area`, never closer than `zoomMax`. */
export function fitRect(
  rect: Rect,
  area: Rect,
  zoomMax: number,
  orientation: Orientation = {},
): Camera {
  const shown = shownSize(rect, orientation);
  const width = Math.max(shown.width, 1);
  const height = Math.max(shown.height, 1);
  const tight = Math.min(area.width / width, area.height / height) * 0.7;
  const zoom = clampZoom(Math.min(tight, zoomMax));
  const middle: Point = [area.x + area.width / 2, area.y + area.height / 2];
  return placed(orientation, zoom, [rect.x + rect.width / 2, rect.y + rect.height / 2], middle);
}

/** Keeps at least `margin` pixels of the image on the stage, so that it cannot be lost. */
export function keepVisible(camera: Camera, image: Size, stage: Size, margin = 48): Camera {
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  const { x, y, width, height } = toScreenRect(camera, { x: 0, y: 0, ...image });
  return {
    ...camera,
    x: camera.x - x + clamp(x, margin - width, stage.width - margin),
    y: camera.y - y + clamp(y, margin - height, stage.height - margin),
  };
}

export function visibleRect(camera: Camera, stage: Size): Rect {
  return between(toImage(camera, 0, 0), toImage(camera, stage.width, stage.height));
}

export function sameCamera(a: Camera, b: Camera): boolean {
  return a.zoom === b.zoom && a.x === b.x && a.y === b.y && sameOrientation(a, b);
}

export function sameOrientation(a: Orientation, b: Orientation): boolean {
  return (a.turn ?? 0) === (b.turn ?? 0) && (a.flip ?? false) === (b.flip ?? false);
}
