/** Where threads stand on the canvas. */
import { useEffect } from 'react';
import type { Anchor } from '@/editor/discussion';
import type { Editor } from '@/editor/editor';
import type { Point } from '@/kernel/records';
import type { Thread } from '@/net/threads';

export function anchorOf(thread: Thread): Anchor {
  if (thread.annotation_id) return { annotationId: thread.annotation_id };
  return { at: [thread.x ?? 0, thread.y ?? 0] };
}

/** Image pixels: the corner of the object, or the spot; null when neither is known. */
export function anchorPoint(editor: Editor, anchor: Anchor, fallback: Point | null): Point | null {
  if ('at' in anchor) return anchor.at;
  const entry = editor.store.get(anchor.annotationId);
  if (!entry?.placed) return fallback;
  const [, y0, x1] = entry.outline.bounds;
  return [x1, y0];
}

export function fallbackOf(thread: Thread): Point | null {
  const { x, y } = thread;
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : null;
}

/**
 * Calls `place` with every change of the view or the document, outside of React: the page moves
 * what it holds itself.
 */
export function usePlacing(editor: Editor, place: () => void, again: unknown): void {
  useEffect(() => {
    place();
    const { view, store } = editor;
    const signals = [view.camera, view.stage, store.version];
    const stops = signals.map((signal) => signal.subscribe(place));
    return () => stops.forEach((stop) => stop());
    // `again` stands for what `place` closes over.
  }, [editor, again]);
}

