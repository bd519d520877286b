import type { OverlayPainter } from '../../editor/overlay';
import type { Point } from '../../kernel/records';

const kRadiusPx = 4;

/** Points that were clicked so far. */
export function pointsPainter(points: readonly Point[]): OverlayPainter {
  return ({ context, zoom }) => {
    for (const [x, y] of points) {
      context.beginPath();
      context.arc(x, y, kRadiusPx / zoom, 0, 2 * Math.PI);
      context.fillStyle = '#FFFFFF';
      context.fill();
      context.lineWidth = 1.5 / zoom;
      context.strokeStyle = '#0B1020';
      context.stroke();
    }
  };
}
