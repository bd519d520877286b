/** What looks like an object that was chosen: how much alike it must be, and its fate together. */
import { useMemo, useState } from 'react';
import type { Editor } from '@/editor/editor';
import { t } from '@/i18n/i18n';
import type { Suggestion } from '../annotateApi';
import { carriedFor, carry } from '../carry';

/** Nothing less alike is proposed. */
export const kLeastLikeness = 0.6;
const kStep = 0.05;

export function isSimilar({ model_version }: Suggestion): boolean {
  return model_version.startsWith('similar@');
}

export interface Likeness {
  /** Pending ones that a search for similar objects gave. */
  found: readonly Suggestion[];
  /** Those of them that are alike enough: they are shown, and accepting takes them. */
  taken: readonly Suggestion[];
  least: number;
  setLeast(least: number): void;
  /** By key: says what comes of it. */
  step(by: 1 | -1): void;
}

export function useLikeness(
  editor: Editor,
  projectId: string,
  pending: readonly Suggestion[],
): Likeness {
  const [least, setLeast] = useState(() => carriedFor(projectId).likeness);
  const found = useMemo(() => pending.filter(isSimilar), [pending]);
  const alike = (bar: number) => found.filter(({ score }) => score >= bar);
  const taken = useMemo(() => alike(least), [found, least]);
  const set = (likeness: number) => {
    carry(projectId, { likeness });
    setLeast(likeness);
  };
  return {
    found,
    taken,
    least,
    setLeast: set,
    step: (by) => {
      const wanted = Math.round((least + by * kStep) * 100) / 100;
      const bar = Math.min(1, Math.max(kLeastLikeness, wanted));
      set(bar);
      const values = { percent: Math.round(bar * 100), taken: alike(bar).length };
      editor.announcements.emit(t('ai.similarAt', { ...values, found: found.length }));
    },
  };
}
