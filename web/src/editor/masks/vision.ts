/**
 * What the tools that look at the image's pixels ask: a part of the image is loaded, at a scale at
 * which it can be worked on, and stays until another one is needed. Answers are in image pixels.
 */
import type { MaskPart } from '../../kernel/kernel';
import type { Point } from '../../kernel/records';
import type { VisionReplies, VisionRequest, WandFound } from '../../kernel/visionDesk';
import type { Rect, Size } from '../camera';
import type { MaskTiles } from './maskTiles';

export interface VisionPort {
  ask<R extends VisionRequest>(request: R): Promise<VisionReplies[R['kind']]>;
  close(): void;
}

export type PixelSource = (rect: Rect, scale?: number) => Promise<ImageData | null>;

/** The part of the image that is looked at; `step` image pixels are one of its own. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
  step: number;
}

/** The wand sees whole images up to this many pixels. */
const kWandPixels = 16_000_000;
const kWirePixels = 1_000_000;
const kSuperpixelPixels = 1_500_000;

export class Vision {
  private loaded: Area | null = null;
  private loading: Promise<Area> | null = null;

  constructor(
    private readonly port: VisionPort,
    private readonly pixels: PixelSource,
  ) {}

  close(): void {
    this.port.close();
  }

  /** The part that a wand at `at` takes; null beyond the image. */
  async wand(
    at: Point,
    image: Size,
    options: { tolerance: number; contiguous: boolean; color: string },
  ): Promise<(WandFound & { area: Area }) | null> {
    const area = await this.look(wandArea(at, image));
    const found = await this.port.ask({ kind: 'wand', ...inArea(at, area), ...options });
    return found && { ...found, area };
  }

  /** Paths can be asked for within the area that is given back. */
  async seed(at: Point, image: Size, reach: number): Promise<Area> {
    const area = await this.look(areaAround(at, image, reach, kWirePixels));
    await this.port.ask({ kind: 'seed', ...inArea(at, area) });
    return area;
  }

  async path(to: Point, area: Area): Promise<Point[]> {
    const found = await this.port.ask({ kind: 'path', ...inArea(to, area) });
    const points: Point[] = [];
    for (let i = 0; i + 1 < found.length; i += 2) {
      points.push([
        area.x + (found[i]! + 0.5) * area.step,
        area.y + (found[i + 1]! + 0.5) * area.step,
      ]);
    }
    return points;
  }

  /** `cell` in image pixels. */
  async superpixels(rect: Rect, image: Size, cell: number) {
    const area = await this.look(fitted(clipped(rect, image), kSuperpixelPixels));
    const size = Math.max(4, Math.round(cell / area.step));
    return { area, found: await this.port.ask({ kind: 'superpixels', cell: size }) };
  }

  private async look(area: Area): Promise<Area> {
    if (this.loaded && same(this.loaded, area)) return this.loading ?? this.loaded;
    this.loaded = area;
    this.loading = this.load(area);
    return this.loading;
  }

  private async load(area: Area): Promise<Area> {
    try {
      const { x, y, step } = area;
      const rect = { x, y, width: area.width * step, height: area.height * step };
      const data = await this.pixels(rect, 1 / step);
      if (!data) throw new Error('The image is not here yet.');
      const { width, height, data: pixels } = data;
      await this.port.ask({ kind: 'load', width, height, pixels });
      return { ...area, width, height };
    } catch (error) {
      this.loaded = null;
      throw error;
    }
  }
}

function same(a: Area, b: Area): boolean {
  const { x, y, width, height, step } = a;
  return x === b.x && y === b.y && width === b.width && height === b.height && step === b.step;
}

function wandArea(at: Point, image: Size): Area {
  if (image.width * image.height <= kWandPixels) {
    return { x: 0, y: 0, width: image.width, height: image.height, step: 1 };
  }
  return areaAround(at, image, Math.sqrt(kWandPixels) / 2, kWandPixels);
}

function areaAround([x, y]: Point, image: Size, reach: number, pixels: number): Area {
  const rect = { x: x - reach, y: y - reach, width: 2 * reach, height: 2 * reach };
  return fitted(clipped(rect, image), pixels);
}

function clipped({ x, y, width, height }: Rect, image: Size): Rect {
  const left = Math.max(0, Math.floor(x));
  const top = Math.max(0, Math.floor(y));
  const right = Math.min(image.width, Math.ceil(x + width));
  const bottom = Math.min(image.height, Math.ceil(y + height));
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** Halved until it has no more pixels than that. */
function fitted({ x, y, width, height }: Rect, pixels: number): Area {
  let step = 1;
  while ((width / step) * (height / step) > pixels) step *= 2;
  return { x, y, width: Math.ceil(width / step), height: Math.ceil(height / step), step };
}

function inArea([x, y]: Point, area: Area): { x: number; y: number } {
  const inside = (value: number, length: number) =>
    Math.min(length - 1, Math.max(0, Math.floor(value / area.step)));
  return { x: inside(x - area.x, area.width), y: inside(y - area.y, area.height) };
}

/** Sets the pixels of a part that was found in the area. */
export function fillAreaPart(tiles: MaskTiles, area: Area, part: MaskPart): void {
  for (let y = 0; y < part.height; y++) {
    const row = part.bytes.subarray(y * part.width, (y + 1) * part.width);
    for (let from = row.indexOf(1); from >= 0;) {
      const gap = row.indexOf(0, from);
      const to = gap < 0 ? part.width : gap;
      fillAreaRow(tiles, area, part.y + y, [part.x + from, part.x + to]);
      from = gap < 0 ? -1 : row.indexOf(1, to);
    }
  }
}

/** Sets the pixels of a row of the area that lie from `from` up to but without `to`. */
export function fillAreaRow(
  tiles: MaskTiles,
  area: Area,
  row: number,
  [from, to]: readonly [number, number],
): void {
  const { step } = area;
  for (let y = area.y + row * step; y < area.y + (row + 1) * step; y++) {
    tiles.fillRow(y, area.x + from * step, area.x + to * step);
  }
}
