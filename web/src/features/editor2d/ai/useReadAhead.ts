/**
 * Has the model read the images that come next, one after the other, while the AI tool is in use:
 * on them the first click answers at once. What is not begun when the image is left is not begun.
 */
import { useEffect } from 'react';
import type { Editor } from '@/editor/editor';
import { readImage } from '../annotateApi';
import { useSignal } from '../useSignal';

export function useReadAhead(editor: Editor, ahead: readonly string[]): void {
  const ready = useSignal(editor.readiness).state === 'ready';
  const ids = ahead.join();
  useEffect(() => {
    if (!ready || ids === '') return;
    const controller = new AbortController();
    const read = async () => {
      for (const id of ids.split(',')) await readImage(id, controller.signal, { ahead: true });
    };
    // Nobody waits for it: what cannot be read ahead is read when it is looked at.
    read().catch(() => {});
    return () => controller.abort();
  }, [ready, ids]);
}
