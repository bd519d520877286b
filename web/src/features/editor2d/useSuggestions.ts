/** A model's proposals for this image: shown as ghosts, decided one by one or above a score. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Editor } from '@/editor/editor';
import { focusGhost } from '@/editor/focusGhost';
import type { Label } from '@/editor/labels';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { toast } from '@/ui/Toast';
import { useAcceptedSteps } from './ai/acceptedSteps';
import { useGhosts } from './ai/useGhosts';
import { isSimilar, useLikeness, type Likeness } from './ai/useLikeness';
import {
  acceptSuggestions,
  decideSuggestion,
  listSuggestions,
  rejectSuggestions,
  type Accepted,
  type Suggestion,
} from './annotateApi';
import { projectQuery } from '../projects/queries';
import { carriedFor, carry } from './carry';
import { useSignal } from './useSignal';

export interface Suggestions {
  status: 'loading' | 'failed' | 'ready';
  error: string | null;
  /** Pending ones, the surest first. */
  pending: readonly Suggestion[];
  /** Those of `pending` that the sliders let through. */
  shown: readonly Suggestion[];
  minScore: number;
  setMinScore(score: number): void;
  labelOf(suggestion: Suggestion): Label | null;
  accept(id: string): void;
  reject(id: string): void;
  acceptShown(): void;
  /** Of what looks similar: what is alike enough, and all of it. */
  likeness: Likeness;
  acceptSimilar(): void;
  rejectSimilar(): void;
  reload(): void;
  busy: boolean;
}

export function suggestionsKey(assetId: string) {
  return ['suggestions', assetId] as const;
}

export function useSuggestions(editor: Editor, projectId: string, assetId: string): Suggestions {
  const client = useQueryClient();
  const key = useMemo(() => suggestionsKey(assetId), [assetId]);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => listSuggestions(assetId, signal),
    staleTime: 0,
  });
  const [minScore, setScore] = useState(() => carriedFor(projectId).minScore);
  const [busy, setBusy] = useState(false);
  const labels = useSignal(editor.labels);

  const pending = useMemo(
    () =>
      (query.data ?? [])
        .filter((suggestion) => suggestion.state === 'pending')
        .sort((a, b) => b.score - a.score),
    [query.data],
  );
  const likeness = useLikeness(editor, projectId, pending);
  const shown = useMemo(
    () => pending.filter((one) => one.score >= (isSimilar(one) ? likeness.least : minScore)),
    [pending, minScore, likeness.least],
  );
  useGhosts(editor, shown, labels);

  const setMinScore = (score: number) => {
    carry(projectId, { minScore: score });
    setScore(score);
  };

  const mark = useCallback(
    (ids: ReadonlySet<string>, state: Suggestion['state']) =>
      client.setQueryData<Suggestion[]>(key, (items) =>
        items?.map((item) => (ids.has(item.id) ? { ...item, state } : item)),
      ),
    [client, key],
  );

  const reload = useCallback(() => void client.invalidateQueries({ queryKey: key }), [client, key]);
  const takeOver = useAcceptedSteps(editor, assetId, reload);

  const decide = useCallback(
    async (
      ids: readonly string[],
      state: 'accepted' | 'rejected',
      send: () => Promise<Partial<Accepted>>,
    ) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<Suggestion[]>(key);
      mark(new Set(ids), state);
      setBusy(true);
      try {
        const reply = await send();
        if (state === 'accepted') {
          // A class that was no label yet may have become one.
          await client.invalidateQueries({ queryKey: projectQuery(projectId).queryKey });
          await takeOver(reply.annotation_ids ?? []);
        }
      } catch (error) {
        client.setQueryData(key, before);
        toast({ tone: 'err', title: t('ai.decisionNotSaved'), detail: errorText(error) });
      } finally {
        setBusy(false);
        reload();
      }
    },
    [client, key, mark, projectId, reload, takeOver],
  );

  const focusAfter = (id: string) => {
    const index = shown.findIndex((suggestion) => suggestion.id === id);
    const next = shown[index + 1] ?? shown[index - 1];
    if (next) focusGhost(editor, next.id);
    else editor.focusedGhost.set(null);
  };

  const acceptAll = (chosen: readonly Suggestion[]) => {
    const ids = chosen.map(({ id }) => id);
    if (ids.length === 0) return;
    editor.focusedGhost.set(null);
    void decide(ids, 'accepted', () => acceptSuggestions(assetId, ids));
  };

  return {
    status: query.data ? 'ready' : query.isError ? 'failed' : 'loading',
    error: query.isError ? errorText(query.error) : null,
    pending,
    shown,
    minScore,
    setMinScore,
    labelOf: (suggestion) => labels.find((label) => label.id === suggestion.label_id) ?? null,
    accept: (id) => {
      focusAfter(id);
      void decide([id], 'accepted', () => decideSuggestion(id, 'accept'));
    },
    reject: (id) => {
      focusAfter(id);
      void decide([id], 'rejected', () => decideSuggestion(id, 'reject'));
    },
    acceptShown: () => acceptAll(shown),
    likeness,
    acceptSimilar: () => acceptAll(likeness.taken),
    rejectSimilar: () => {
      const ids = likeness.found.map(({ id }) => id);
      if (ids.length === 0) return;
      editor.focusedGhost.set(null);
      void decide(ids, 'rejected', () => rejectSuggestions(assetId, ids));
    },
    reload: () => void query.refetch(),
    busy,
  };
}
