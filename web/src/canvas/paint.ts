/**
 * Drawing of outlines, used on the page and in the raster worker. The context is already in image
 * pixels; widths are given in screen pixels and divided by the zoom. One path per shape: joining
 * shapes of one colour into a big path is slower and wrong where they overlap.
 */
import { withAlpha } from '../editor/labels';
import type { Outline } from '../editor/outline';
import { keptPath } from './outlinePaths';

export interface PaintStyle {
  color: string;
  fillAlpha: number;
  /** Screen pixels. */
  width: number;
  halo: boolean;
  dash?: readonly number[];
}

export const kHalo = 'rgb(11 16 32 / .8)';
const kDotPx = 3;
const kPlainPx = 14;
const kMarkPx = 4;
/** What is smaller than `kPlainPx` is drawn with no more vertices a path than this. */
const kPlainVertices = 8;

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export const kRestStyle = { fillAlpha: 0.2, width: 1.75, halo: true } as const;
export const kActiveStyle = { fillAlpha: 0.4, width: 2.25, halo: true } as const;

export function paintOutline(
  context: Context,
  outline: Outline,
  style: PaintStyle,
  zoom: number,
): void {
  const [x0, y0, x1, y1] = outline.bounds;
  const extent = Math.max(x1 - x0, y1 - y0) * zoom;
  if (extent < kDotPx && outline.marks.length === 0) {
    context.fillStyle = style.color;
    const size = kDotPx / zoom;
    context.fillRect((x0 + x1 - size) / 2, (y0 + y1 - size) / 2, size, size);
    return;
  }
  if (outline.paths.length > 0) paintPaths(context, outline, style, zoom, extent);
  if (outline.marks.length > 0) paintMarks(context, outline.marks, style.color, zoom);
}

function paintPaths(
  context: Context,
  outline: Outline,
  style: PaintStyle,
  zoom: number,
  extent: number,
): void {
  const plain = extent < kPlainPx;
  const path = plain ? null : keptPath(outline, zoom);
  const stroke = () => (path ? context.stroke(path) : context.stroke());
  if (!path) tracePaths(context, outline, plain ? kPlainVertices : Infinity);
  if (outline.filled && style.fillAlpha > 0) {
    context.fillStyle = withAlpha(style.color, style.fillAlpha);
    if (path) context.fill(path, 'evenodd');
    else context.fill('evenodd');
  }
  context.lineJoin = 'round';
  if (style.halo && !plain) {
    context.lineWidth = (style.width * 2) / zoom;
    context.strokeStyle = kHalo;
    stroke();
  }
  context.lineWidth = style.width / zoom;
  context.strokeStyle = style.color;
  if (style.dash) context.setLineDash(style.dash.map((length) => length / zoom));
  stroke();
  if (style.dash) context.setLineDash([]);
}

export function tracePaths(context: Context, outline: Outline, verticesMax = Infinity): void {
  context.beginPath();
  for (const { points, closed } of outline.paths) {
    if (points.length < 2) continue;
    const step = 2 * Math.max(1, Math.ceil(points.length / 2 / verticesMax));
    context.moveTo(points[0]!, points[1]!);
    for (let i = step; i < points.length; i += step) context.lineTo(points[i]!, points[i + 1]!);
    if (closed) context.closePath();
  }
}

function paintMarks(context: Context, marks: Float32Array, color: string, zoom: number): void {
  for (let i = 0; i + 1 < marks.length; i += 2) {
    context.beginPath();
    context.arc(marks[i]!, marks[i + 1]!, kMarkPx / zoom, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
    context.lineWidth = 1.5 / zoom;
    context.strokeStyle = kHalo;
    context.stroke();
  }
}
