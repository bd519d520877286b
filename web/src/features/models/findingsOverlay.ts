/**
 * Draws what a model found over a picture. Coordinates are pixels of the upright image; the canvas
 * has the picture's own size, so that line widths are given for it.
 */
import type { Finding } from '@/net/api';
import type { Kernel } from '@/kernel/kernel';
import type { Point, PolygonPart, Shape } from '@/kernel/records';

const colors = ['#38BDF8', '#A78BFA', '#4ADE80', '#FBBF24', '#F87171', '#F472B6', '#22D3EE'];

export function colorOf(finding: Finding): string {
  let hash = 7;
  for (const letter of finding.class) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return colors[hash % colors.length] ?? '#38BDF8';
}

export interface OverlayOptions {
  kernel: Kernel | null;
  /** Of lines and letters, in pixels of the picture. */
  unit: number;
  /** Index of the finding that is looked at; the others step back. */
  focused: number | null;
}

export function drawFindings(
  context: CanvasRenderingContext2D,
  findings: readonly Finding[],
  options: OverlayOptions,
): void {
  findings.forEach((finding, index) => {
    context.save();
    context.globalAlpha = options.focused === null || options.focused === index ? 1 : 0.25;
    context.strokeStyle = colorOf(finding);
    context.fillStyle = colorOf(finding);
    context.lineWidth = 2 * options.unit;
    context.lineJoin = 'round';
    drawShape(context, finding.shape, options);
    context.restore();
  });
}

function drawShape(
  context: CanvasRenderingContext2D,
  shape: Shape,
  { kernel, unit }: OverlayOptions,
): void {
  switch (shape.type) {
    case 'box': {
      context.translate(shape.x + shape.width / 2, shape.y + shape.height / 2);
      context.rotate(((shape.rotation ?? 0) * Math.PI) / 180);
      context.strokeRect(-shape.width / 2, -shape.height / 2, shape.width, shape.height);
      return;
    }
    case 'polygon':
      return fillParts(context, shape.parts ?? [{ points: shape.points ?? [] }]);
    case 'mask':
      return kernel ? fillParts(context, kernel.maskToPolygons(shape.rle, 1)) : undefined;
    case 'polyline':
      trace(context, shape.points, false);
      return context.stroke();
    case 'points':
      return dots(context, shape.points, dotRadius(shape.points.length, unit));
    case 'skeleton': {
      const seen = shape.points.filter((point) => point.visibility > 0);
      const radius = dotRadius(seen.length, unit);
      return dots(
        context,
        seen.map((point) => [point.x, point.y]),
        radius,
      );
    }
    case 'ellipse': {
      const turn = ((shape.rotation ?? 0) * Math.PI) / 180;
      context.beginPath();
      context.ellipse(shape.cx, shape.cy, shape.rx, shape.ry, turn, 0, 2 * Math.PI);
      return context.stroke();
    }
    default:
      return;
  }
}

/** 468 points of a face would be one blot at the size that suits 17 of a body. */
function dotRadius(count: number, unit: number): number {
  return count > 60 ? unit : 3.5 * unit;
}

function trace(context: CanvasRenderingContext2D, points: readonly Point[], close: boolean): void {
  context.beginPath();
  points.forEach(([x, y], index) => {
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  if (close) context.closePath();
}

function fillParts(context: CanvasRenderingContext2D, parts: readonly PolygonPart[]): void {
  const path = new Path2D();
  for (const part of parts) {
    for (const ring of [part.points, ...(part.holes ?? [])]) {
      ring.forEach(([x, y], index) => {
        if (index === 0) path.moveTo(x, y);
        else path.lineTo(x, y);
      });
      path.closePath();
    }
  }
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * 0.4;
  context.fill(path, 'evenodd');
  context.globalAlpha = alpha;
  context.stroke(path);
}

function dots(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  radius: number,
): void {
  for (const [x, y] of points) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
}
