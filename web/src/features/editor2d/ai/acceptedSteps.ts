/**
 * What accepting made, as steps that can be undone. Undoing one leaves its proposals to be decided
 * again, doing it again takes them away.
 */
import { useCallback, useEffect, useMemo } from 'react';
import type { Editor } from '@/editor/editor';
import { t } from '@/i18n/i18n';
import { uuidv7 } from '@/kernel/ids';
import { settleSuggestions } from '../annotateApi';

/** Fetches what accepting made, and makes it one step. */
export type TakeOver = (made: readonly string[]) => Promise<void>;

export function useAcceptedSteps(editor: Editor, assetId: string, onSettled: () => void): TakeOver {
  const madeBy = useMemo(() => new Map<string, readonly string[]>(), [editor]);
  useEffect(() => {
    const settle = async (made: readonly string[]) => {
      await editor.door?.flush();
      await settleSuggestions(assetId, made);
      onSettled();
    };
    return editor.history.moved.on((step) => {
      const made = madeBy.get(step);
      // Where it fails the proposal stays decided: nothing of the document is wrong.
      if (made) settle(made).catch(() => {});
    });
  }, [editor, assetId, madeBy, onSettled]);

  return useCallback(
    async (made) => {
      await editor.door?.refresh();
      const present = made.filter((id) => editor.store.get(id));
      const step = uuidv7();
      madeBy.set(step, present);
      editor.history.record({
        step,
        title: t('ai.steps.accept', { count: made.length }),
        operations: present.map((target) => ({ op: 'del', target })),
      });
      editor.announcements.emit(t('ai.accepted', { count: made.length }));
    },
    [editor, madeBy],
  );
}
