import type { Editor } from '../editor';
import { setPainter, type OverlayPainter } from '../overlay';
import type { Snap } from './snapping';

const kName = 'snap';
const kColor = '#F472B6';
const kHalo = 'rgb(11 16 32 / .8)';
const kRingPx = 7;

/** The guide: what the vertex snaps to. Null takes it away. */
export function showSnap(editor: Editor, snap: Snap | null): void {
  if (!snap && !editor.overlay.get().painters.has(kName)) return;
  setPainter(editor.overlay, kName, snap && painterOf(snap));
}

function painterOf({ point, line, kind }: Snap): OverlayPainter {
  return ({ context, zoom }) => {
    for (const [width, color] of [
      [4, kHalo],
      [2, kColor],
    ] as const) {
      context.beginPath();
      if (line) {
        context.moveTo(...line[0]);
        context.lineTo(...line[1]);
      }
      const radius = kRingPx / zoom;
      if (kind === 'vertex')
        context.rect(point[0] - radius, point[1] - radius, 2 * radius, 2 * radius);
      else {
        context.moveTo(point[0] + radius, point[1]);
        context.arc(point[0], point[1], radius, 0, 2 * Math.PI);
      }
      context.lineWidth = width / zoom;
      context.strokeStyle = color;
      context.stroke();
    }
  };
}
