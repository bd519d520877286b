/**
 * The view of the image: `screen = zoom * image + offset`, in CSS pixels of the stage. Values only;
 * who owns the camera decides when it changes. Zoom stays within 0.02 and 64.
 */
import type { Point } from '../kernel/records';

export interface Camera {
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

export const kZoomMin = 0.02;
export const kZoomMax = 64;
/** One notch of a wheel. */
export const kZoomStep = 1.1;

export function clampZoom(zoom: number): number {
  return Math.min(kZoomMax, Math.max(kZoomMin, zoom));
}

export function toScreen(camera: Camera, x: number, y: number): Point {
  return [x * camera.zoom + camera.x, y * camera.zoom + camera.y];
}

export function toImage(camera: Camera, x: number, y: number): Point {
  return [(x - camera.x) / camera.zoom, (y - camera.y) / camera.zoom];
}

/** The image point under `screen` stays there. */
export function zoomAt(camera: Camera, screen: Point, factor: number): Camera {
  const zoom = clampZoom(camera.zoom * factor);
  const [ix, iy] = toImage(camera, screen[0], screen[1]);
  return { zoom, x: screen[0] - ix * zoom, y: screen[1] - iy * zoom };
}

export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { zoom: camera.zoom, x: camera.x + dx, y: camera.y + dy };
}

/** Whole `image` inside `area`, centred. */
export function fitCamera(image: Size, area: Rect): Camera {
  const zoom = clampZoom(Math.min(area.width / image.width, area.height / image.height));
  return {
    zoom,
    x: area.x + (area.width - image.width * zoom) / 2,
    y: area.y + (area.height - image.height * zoom) / 2,
  };
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
export function fitRect(rect: Rect, area: Rect, zoomMax: number): Camera {
  const width = Math.max(rect.width, 1);
  const height = Math.max(rect.height, 1);
  const tight = Math.min(area.width / width, area.height / height) * 0.7;
  const zoom = clampZoom(Math.min(tight, zoomMax));
  return {
    zoom,
    x: area.x + area.width / 2 - (rect.x + rect.width / 2) * zoom,
    y: area.y + area.height / 2 - (rect.y + rect.height / 2) * zoom,
  };
}

/** Keeps at least `margin` pixels of the image on the stage, so that it cannot be lost. */
export function keepVisible(camera: Camera, image: Size, stage: Size, margin = 48): Camera {
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  return {
    zoom: camera.zoom,
    x: clamp(camera.x, margin - image.width * camera.zoom, stage.width - margin),
    y: clamp(camera.y, margin - image.height * camera.zoom, stage.height - margin),
  };
}

export function visibleRect(camera: Camera, stage: Size): Rect {
  const [x, y] = toImage(camera, 0, 0);
  return { x, y, width: stage.width / camera.zoom, height: stage.height / camera.zoom };
}

/** The transform that moves a picture taken with `from` to where `to` would show it. */
export function relativeCamera(from: Camera, to: Camera): Camera {
  const scale = to.zoom / from.zoom;
  return { zoom: scale, x: to.x - from.x * scale, y: to.y - from.y * scale };
}
