/** The look of a preview that nobody asked for: lighter than the answer to a click. */
import type { Outline } from '../../editor/outline';
import type { OverlayPainter } from '../../editor/overlay';

const kFill = 'rgb(167 139 250 / .22)';
const kLine = '#C4B5FD';
const kHalo = 'rgb(11 16 32 / .55)';

export function paintHover(outline: Outline): OverlayPainter {
  return ({ context, zoom }) => {
    context.beginPath();
    for (const { points } of outline.paths) {
      for (let i = 0; i < points.length; i += 2) {
        if (i === 0) context.moveTo(points[i]!, points[i + 1]!);
        else context.lineTo(points[i]!, points[i + 1]!);
      }
      context.closePath();
    }
    context.fillStyle = kFill;
    context.fill('evenodd');
    context.lineJoin = 'round';
    for (const [width, color] of [
      [2.5, kHalo],
      [1.25, kLine],
    ] as const) {
      context.lineWidth = width / zoom;
      context.strokeStyle = color;
      context.stroke();
    }
  };
}
