/** The log of the open asset, kept in step with the document, and how its objects are called. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { t } from '@/i18n/i18n';
import type { Editor } from '@/editor/editor';
import type { HistoryItem } from '@/net/historyRoutes';
import { membersQuery } from '../admin/queries';
import { meQuery } from '../auth/queries';
import { useSignal } from '../editor2d/useSignal';
import { labelsInHistory } from './historyGroups';
import type { Names } from './historyText';
import { historyQuery, objectHistoryQuery } from './queries';

/** What was saved is in the log; edits come in bursts. */
const kSettleMs = 700;

export interface AssetHistory {
  items: readonly HistoryItem[];
  status: 'loading' | 'failed' | 'ready';
  error: unknown;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore(): void;
  reload(): void;
}

export function useHistory(editor: Editor, assetId: string, objectId: string | null): AssetHistory {
  const client = useQueryClient();
  const nameOf = useUserNames();
  const whole = useInfiniteQuery({ ...historyQuery(assetId), enabled: objectId === null });
  const object = useQuery({
    ...objectHistoryQuery(objectId ?? '', nameOf),
    enabled: objectId !== null,
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = editor.store.version.subscribe(() => {
      if (editor.past.get()) return;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => {
        void client.invalidateQueries({ queryKey: ['history', assetId] });
        void client.invalidateQueries({ queryKey: ['object-history'] });
      }, kSettleMs);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [editor, client, assetId]);

  const shown = objectId === null ? whole : object;
  const items = useMemo(() => {
    if (objectId !== null) return object.data ?? [];
    return whole.data?.pages.flatMap((page) => page.items) ?? [];
  }, [objectId, whole.data, object.data]);
  return {
    items,
    status: shown.data ? 'ready' : shown.isError ? 'failed' : 'loading',
    error: shown.error,
    hasMore: objectId === null && whole.hasNextPage,
    loadingMore: whole.isFetchingNextPage,
    loadMore: () => void whole.fetchNextPage(),
    reload: () => void shown.refetch(),
  };
}

/** Names of the organization's people by id. */
export function useUserNames(): (userId: string) => string | null {
  const me = useQuery(meQuery);
  const organization = me.data?.organization.id ?? '';
  const members = useQuery({ ...membersQuery(organization), enabled: organization !== '' });
  return useMemo(() => {
    const names = new Map(members.data?.items.map((member) => [member.id, member.name]));
    return (userId) => names.get(userId) ?? null;
  }, [members.data]);
}

/** "Car 3": the label and the number the objects' list shows; "a Car" for one that is gone. */
export function useObjectNames(editor: Editor, items: readonly HistoryItem[]): Names {
  const version = useSignal(editor.store.version);
  const labels = useSignal(editor.labels);
  return useMemo(() => {
    const label = (id: string | null) => labels.find((known) => known.id === id)?.name ?? null;
    const present = new Map(
      editor.store
        .ordered()
        .map(({ annotation }, index) => [
          annotation.id,
          `${editor.labelOf(annotation).name} ${index + 1}`,
        ]),
    );
    const past = labelsInHistory(items);
    const gone = (id: string) => {
      const name = label(past.get(id) ?? null);
      return name ? t('history.gone', { label: name }) : null;
    };
    return { label, object: (id) => present.get(id) ?? gone(id) };
  }, [editor, version, labels, items]);
}
