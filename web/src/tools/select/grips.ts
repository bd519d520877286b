/** What of the selected object the pointer can take hold of. Only a single selection has grips. */
import type { Editor } from '../../editor/editor';
import type { Handle } from '../../editor/handles/handle';
import { handlesOf } from '../../editor/handles/handles';
import type { PointerInput } from '../../editor/input';
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
  | { kind: 'handle'; entry: Entry; handle: Handle }
  | { kind: 'vertex'; entry: Entry; at: VertexRef }
  | { kind: 'edge'; entry: Entry; at: EdgeRef };

export function gripAt(editor: Editor, input: PointerInput): GripHit | null {
  const [entry, ...others] = editor.selected();
  if (!entry || others.length > 0 || !editor.isVisible(entry)) return null;
  if (!editor.mayChange(entry.annotation.id)) return null;
  const shape = entry.annotation.shape;
  const [x, y] = input.point;
  const reach = editor.view.reach(kGripReachPx);
  const label = editor.labelOf(entry.annotation);
  const handles = handlesOf(shape, { reach: (pixels) => editor.view.reach(pixels), label });
  const handle = handles.find((one) => Math.hypot(one.x - x, one.y - y) <= reach);
  if (handle) return { kind: 'handle', entry, handle };
  if (!hasVertices(shape)) return null;
  const at = findVertex(shape, x, y, reach);
  if (at) return { kind: 'vertex', entry, at };
  const edge = findEdge(shape, editor.kernel, x, y, editor.view.reach(kEdgeReachPx));
  return edge ? { kind: 'edge', entry, at: edge } : null;
}
