/** The vertex of the selected object that the keyboard works on. */
import { t } from '../i18n/i18n';
import type { Editor } from './editor';
import { setPainter, type OverlayPainter } from './overlay';
import type { Entry } from './store';
import {
  deleteVertex,
  hasVertices,
  moveVertex,
  ringAt,
  ringsOf,
  vertexAt,
  type VertexRef,
} from './vertices';

const kPainter = 'vertex';
const kRingPx = 8;

/** The selected object, if it is one with vertices that may be changed. */
export function vertexHost(editor: Editor): Entry | null {
  const [entry, ...others] = editor.selected();
  if (!entry || others.length > 0 || !hasVertices(entry.annotation.shape)) return null;
  return editor.mayChange(entry.annotation.id) ? entry : null;
}

function allVertices(entry: Entry): VertexRef[] {
  return ringsOf(entry.annotation.shape).flatMap(({ part, hole, points }) =>
    points.map((_, index) => ({ part, hole, index })),
  );
}

function same(a: VertexRef, b: VertexRef): boolean {
  return a.part === b.part && a.hole === b.hole && a.index === b.index;
}

export function canStepVertex(editor: Editor): boolean {
  return vertexHost(editor) !== null;
}

/** To the next vertex, around all rings. */
export function stepVertex(editor: Editor, by: 1 | -1): void {
  const entry = vertexHost(editor);
  if (!entry) return;
  const all = allVertices(entry);
  const now = editor.vertex.get();
  const current = now ? all.findIndex((one) => same(one, now)) : -1;
  const next = current < 0 ? (by > 0 ? 0 : all.length - 1) : current + by;
  const index = (next + all.length) % all.length;
  focusVertex(editor, all[index]!);
  const [x, y] = vertexAt(entry.annotation.shape, all[index]!).map(Math.round) as [number, number];
  const values = { number: index + 1, count: all.length, x: `${x}`, y: `${y}` };
  editor.announcements.emit(t('tools.notices.vertexOf', values));
}

export function focusVertex(editor: Editor, at: VertexRef | null): void {
  if (at === null && editor.vertex.get() === null) return;
  editor.vertex.set(at);
  setPainter(editor.overlay, kPainter, at && painterOf(editor, at));
}

function painterOf(editor: Editor, at: VertexRef): OverlayPainter {
  return ({ context, zoom }) => {
    const entry = vertexHost(editor);
    const point = entry && ringAt(entry.annotation.shape, at)?.points[at.index];
    if (!point) return;
    for (const [width, color] of [
      [5, '#0B1020'],
      [2.5, '#38BDF8'],
    ] as const) {
      context.beginPath();
      context.arc(point[0], point[1], kRingPx / zoom, 0, 2 * Math.PI);
      context.lineWidth = width / zoom;
      context.strokeStyle = color;
      context.stroke();
    }
  };
}

export function moveFocusedVertex(editor: Editor, dx: number, dy: number): void {
  const entry = vertexHost(editor);
  const at = editor.vertex.get();
  if (!entry || !at) return;
  const [x, y] = vertexAt(entry.annotation.shape, at);
  const to = editor.view.clampToImage([x + dx, y + dy]);
  editor.commit(t('tools.steps.moveVertex'), [moveVertex(entry.annotation, at, ...to)]);
}

export function deleteFocusedVertex(editor: Editor): void {
  const entry = vertexHost(editor);
  const at = editor.vertex.get();
  if (!entry || !at) return;
  const operation = deleteVertex(entry.annotation, at);
  if (!operation) return editor.notices.emit({ tone: 'info', code: 'vertex_needed' });
  editor.commit(t('tools.steps.deleteVertex'), [operation]);
  // The one before takes its place, so that Delete can be pressed again.
  focusVertex(editor, { ...at, index: Math.max(0, at.index - 1) });
}
