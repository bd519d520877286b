/** One more point of a set, one more vertex of an outline. */
import { t } from '../i18n/i18n';
import type { Point, Shape } from '../kernel/records';
import type { Editor } from './editor';
import type { Entry } from './store';
import { focusVertex, vertexHost } from './vertexFocus';
import { insertVertex, ringAt, type VertexRef } from './vertices';

/** How far beside the last point a new one lies that nobody pointed at. */
const kBesidePx = 16;

/** Puts a point into the only selected set of points; false where there is no such set. */
export function addPointAt(editor: Editor, place: Point): boolean {
  const entry = vertexHost(editor);
  if (entry?.annotation.shape.type !== 'points') return false;
  const last = entry.annotation.shape.points.length - 1;
  insert(editor, entry, { part: 0, hole: -1, index: last }, place);
  return true;
}

export function canAddVertex(editor: Editor): boolean {
  const entry = vertexHost(editor);
  return entry !== null && spotFor(editor, entry) !== null;
}

/** By keyboard: after the vertex in hand, in the middle of its edge; of points beside the last. */
export function addVertex(editor: Editor): void {
  const entry = vertexHost(editor);
  const spot = entry && spotFor(editor, entry);
  if (spot) insert(editor, entry, spot.after, spot.place);
}

function spotFor(editor: Editor, { annotation: { shape } }: Entry) {
  const held = editor.vertex.get();
  const inHand = held !== null && ringAt(shape, held)?.points[held.index] !== undefined;
  const after = inHand ? held : lastPoint(shape);
  const ring = after && ringAt(shape, after);
  const from = ring?.points[after!.index];
  if (!after || !ring || !from) return null;
  if (shape.type === 'points') {
    const { width } = editor.view.image.get();
    const by = editor.view.reach(kBesidePx);
    const x = from[0] + by <= width ? from[0] + by : from[0] - by;
    return { after, place: editor.view.clampToImage([x, from[1]]) };
  }
  const next = ring.points[after.index + 1] ?? (ring.closed ? ring.points[0] : undefined);
  // Beyond the end of a line there is no edge: it is drawn on.
  if (!next) return null;
  return { after, place: [(from[0] + next[0]) / 2, (from[1] + next[1]) / 2] as Point };
}

function lastPoint(shape: Shape): VertexRef | null {
  return shape.type === 'points' ? { part: 0, hole: -1, index: shape.points.length - 1 } : null;
}

function insert(editor: Editor, entry: Entry, after: VertexRef, place: Point): void {
  const [x, y] = editor.view.clampToImage(place);
  const operation = insertVertex(editor.kernel, entry.annotation, after, x, y);
  if (editor.commit(t('tools.steps.addVertex'), [operation])) {
    focusVertex(editor, { ...after, index: after.index + 1 });
  }
}
