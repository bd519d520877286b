import type { PainterFrame } from '../../editor/overlay';
import type { Point } from '../../kernel/records';

/** The way cut so far, and the places that hold it. */
export function drawWire(
  { context, zoom }: PainterFrame,
  holds: readonly Point[],
  way: readonly Point[],
): void {
  context.lineJoin = 'round';
  context.beginPath();
  way.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  for (const [width, color] of [
    [4.5, 'rgb(11 16 32 / .8)'],
    [2, '#FFFFFF'],
  ] as const) {
    context.lineWidth = width / zoom;
    context.strokeStyle = color;
    context.stroke();
  }
  holds.forEach(([x, y], i) => {
    context.beginPath();
    context.arc(x, y, (i === 0 ? 5 : 4) / zoom, 0, 2 * Math.PI);
    context.fillStyle = i === 0 ? '#38BDF8' : '#FFFFFF';
    context.fill();
    context.lineWidth = 1.5 / zoom;
    context.strokeStyle = '#0B1020';
    context.stroke();
  });
}
