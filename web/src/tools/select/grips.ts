/** What of the selected object the pointer can take hold of. Only a single selection has grips. */
import type { Editor } from '../../editor/editor';
import type { PointerInput } from '../../editor/input';
import { gripPosition, kGrips, type Grip } from '../../editor/transform';
import {
  findEdge,
  findVertex,
  hasVertices,
  type EdgeRef,
  type VertexRef,
} from '../../editor/vertices';
import type { Entry } from '../../editor/store';

const kGripReachPx = 8;
const kEdgeReachPx = 6;

export type GripHit =
  | { kind: 'grip'; entry: Entry; grip: Grip }
  | { kind: 'vertex'; entry: Entry; at: VertexRef }
  | { kind: 'edge'; entry: Entry; at: EdgeRef };

export function gripAt(editor: Editor, input: PointerInput): GripHit | null {
  const [entry, ...others] = editor.selected();
  if (!entry || others.length > 0 || !editor.isVisible(entry) || editor.locked()) return null;
  const shape = entry.annotation.shape;
  const [x, y] = input.point;
  if (shape.type === 'box') {
    const reach = editor.view.reach(kGripReachPx);
    const grip = kGrips.find((name) => {
      const [gx, gy] = gripPosition(shape, name);
      return Math.hypot(gx - x, gy - y) <= reach;
    });
    return grip ? { kind: 'grip', entry, grip } : null;
  }
  if (!hasVertices(shape)) return null;
  const at = findVertex(shape, x, y, editor.view.reach(kGripReachPx));
  if (at) return { kind: 'vertex', entry, at };
  const edge = findEdge(shape, editor.kernel, x, y, editor.view.reach(kEdgeReachPx));
  return edge ? { kind: 'edge', entry, at: edge } : null;
}

const kGripAngles: Record<Grip, number> = {
  n: 0,
  ne: 45,
  e: 90,
  se: 135,
  s: 180,
  sw: 225,
  w: 270,
  nw: 315,
};
const kCursors = ['ns-resize', 'nesw-resize', 'ew-resize', 'nwse-resize'] as const;

/** The arrow that points the way a grip moves, also on a turned box. */
export function gripCursor(grip: Grip, rotation: number): string {
  const angle = (kGripAngles[grip] + rotation) % 180;
  return kCursors[Math.round(((angle + 180) % 180) / 45) % 4]!;
}
