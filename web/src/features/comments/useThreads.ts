/** The comment threads of the open asset: fetched once, kept up by live news and own answers. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { t } from '@/i18n/i18n';
import type { Editor } from '@/editor/editor';
import { errorText } from '@/net/http';
import type { Thread } from '@/net/threads';
import { toast } from '@/ui/Toast';
import { mentionsQuery, threadsQuery } from './queries';
import { asThread, isGone, withThread } from './threadList';

export type CommentDeed = 'comment' | 'reply' | 'edit' | 'delete' | 'resolve' | 'reopen';

export interface Threads {
  items: readonly Thread[];
  status: 'loading' | 'failed' | 'ready';
  error: unknown;
  reload(): void;
  /** Runs a change and takes the thread it answers with; says so when it fails. */
  change(what: CommentDeed, run: () => Promise<Thread | void>): Promise<Thread | boolean>;
}

export function useThreads(editor: Editor, assetId: string): Threads {
  const client = useQueryClient();
  const key = useMemo(() => threadsQuery(assetId).queryKey, [assetId]);
  const query = useQuery(threadsQuery(assetId));

  const take = useCallback(
    (thread: Thread) => {
      client.setQueryData<Thread[]>(key, (known) => withThread(known ?? [], thread));
      if (isGone(thread) && editor.discussion.open.get() === thread.id) {
        editor.discussion.show(null);
      }
    },
    [client, key, editor],
  );

  useEffect(
    () =>
      editor.company.threads.on((value) => {
        const thread = asThread(value);
        if (thread?.asset_id !== assetId) return;
        take(thread);
        void client.invalidateQueries({ queryKey: mentionsQuery.queryKey });
      }),
    [editor, assetId, take, client],
  );

  // What was said while the line was down.
  useEffect(
    () =>
      editor.company.connection.subscribe(() => {
        if (editor.company.connection.get() !== 'live') return;
        void client.invalidateQueries({ queryKey: key });
      }),
    [editor, client, key],
  );

  const change = useCallback(
    async (what: CommentDeed, run: () => Promise<Thread | void>) => {
      try {
        const thread = await run();
        if (thread) take(thread);
        else await client.invalidateQueries({ queryKey: key });
        return thread ?? true;
      } catch (error) {
        toast({ tone: 'err', title: t(`comments.failed.${what}`), detail: errorText(error) });
        return false;
      }
    },
    [client, key, take],
  );

  return {
    items: query.data ?? [],
    status: query.data ? 'ready' : query.isError ? 'failed' : 'loading',
    error: query.error,
    reload: () => void query.refetch(),
    change,
  };
}
