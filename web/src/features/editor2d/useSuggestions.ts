/** A model's proposals for this image: shown as ghosts, decided one by one or above a score. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Editor } from '@/editor/editor';
import { kUnknownLabel, type Label } from '@/editor/labels';
import type { Ghost } from '@/editor/overlay';
import { outlineOf } from '@/editor/outline';
import { uuidv7 } from '@/kernel/ids';
import { errorText } from '@/net/http';
import { toast } from '@/ui/Toast';
import {
  acceptSuggestions,
  decideSuggestion,
  listSuggestions,
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
  /** Those of `pending` at or above `minScore`. */
  shown: readonly Suggestion[];
  minScore: number;
  setMinScore(score: number): void;
  labelOf(suggestion: Suggestion): Label | null;
  accept(id: string): void;
  reject(id: string): void;
  acceptShown(): void;
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
  const shown = useMemo(
    () => pending.filter((suggestion) => suggestion.score >= minScore),
    [pending, minScore],
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
          await takeOver(editor, reply.annotation_ids ?? []);
        }
      } catch (error) {
        client.setQueryData(key, before);
        toast({ tone: 'err', title: 'The decision was not saved', detail: errorText(error) });
      } finally {
        setBusy(false);
        void client.invalidateQueries({ queryKey: key });
      }
    },
    [client, editor, key, mark, projectId],
  );

  const focusAfter = (id: string) => {
    const index = shown.findIndex((suggestion) => suggestion.id === id);
    const next = shown[index + 1] ?? shown[index - 1] ?? null;
    editor.focusedGhost.set(next?.id ?? null);
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
    acceptShown: () => {
      const ids = shown.map((suggestion) => suggestion.id);
      editor.focusedGhost.set(null);
      void decide(ids, 'accepted', () => acceptSuggestions(assetId, minScore));
    },
    reload: () => void query.refetch(),
    busy,
  };
}

/** Fetches what accepting made, and makes it one step that can be undone. */
async function takeOver(editor: Editor, made: readonly string[]): Promise<void> {
  await editor.door?.refresh();
  const present = made.filter((id) => editor.store.get(id));
  editor.history.record({
    step: uuidv7(),
    title: made.length === 1 ? 'Accept suggestion' : `Accept ${made.length} suggestions`,
    operations: present.map((target) => ({ op: 'del', target })),
  });
  editor.announcements.emit(`${made.length} accepted`);
}

function useGhosts(editor: Editor, shown: readonly Suggestion[], labels: readonly Label[]): void {
  useEffect(() => {
    const ghosts = shown.flatMap((suggestion): Ghost[] => {
      const outline = outlineOf(suggestion.shape, editor.kernel);
      if (!outline) return [];
      const label = labels.find((candidate) => candidate.id === suggestion.label_id);
      const { id, score } = suggestion;
      const color = (label ?? kUnknownLabel).color;
      return [{ id, outline, color, title: label?.name ?? suggestion.class, score }];
    });
    editor.ghosts.set(ghosts);
    const focused = editor.focusedGhost.get();
    if (focused !== null && !ghosts.some((ghost) => ghost.id === focused)) {
      editor.focusedGhost.set(null);
    }
  }, [editor, shown, labels]);
  useEffect(() => () => editor.ghosts.set([]), [editor]);
}
