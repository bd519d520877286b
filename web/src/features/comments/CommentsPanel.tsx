import { MessageSquare, MessageSquarePlus } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import type { Thread } from '@/net/threads';
import { Button } from '@/ui/Button';
import { formatAgo } from '@/ui/format';
import { Segmented } from '@/ui/Segmented';
import { Skeleton } from '@/ui/Skeleton';
import { useSignal } from '../editor2d/useSignal';
import { useCommand, useEditor } from '../editor2d/workspace';
import { anchorOf, anchorPoint, fallbackOf } from './place';
import { filterThreads, firstWords, type ThreadFilter } from './threadList';
import type { Threads } from './useThreads';
import './comments.css';

/** All threads of the image; choosing one opens it where it stands. */
export function CommentsPanel({ threads }: { threads: Threads }) {
  const [filter, setFilter] = useState<ThreadFilter>('open');
  const place = useCommand('comment.place');
  const shown = filterThreads(threads.items, filter);
  const openCount = filterThreads(threads.items, 'open').length;
  return (
    <section className="comments" aria-label={t('comments.title')} data-testid="comments-panel">
      <div className="history-filter">
        <Segmented
          label={t('comments.which')}
          value={filter}
          options={[
            { value: 'open', label: t('comments.open', { count: openCount || '' }) },
            { value: 'resolved', label: t('comments.resolved') },
          ]}
          onChange={setFilter}
        />
        <Button size="s" icon={<MessageSquarePlus />} data-testid="add-comment" onClick={place}>
          {t('comments.add')}
        </Button>
      </div>
      <Body threads={threads} shown={shown} filter={filter} />
    </section>
  );
}

interface BodyProps {
  threads: Threads;
  shown: readonly Thread[];
  filter: ThreadFilter;
}

function Body({ threads, shown, filter }: BodyProps) {
  if (threads.status === 'loading') {
    return (
      <div className="side-loading" aria-busy="true">
        <Skeleton height={56} />
        <Skeleton height={56} />
      </div>
    );
  }
  if (threads.status === 'failed') {
    return (
      <div className="panel-note" role="alert">
        <span>{errorText(threads.error)}</span>
        <Button size="s" onClick={threads.reload}>
          {t('common.tryAgain')}
        </Button>
      </div>
    );
  }
  if (shown.length === 0) {
    const [before, after] = t('comments.none', { key: '\n' }).split('\n');
    return (
      <div className="objects-empty">
        <MessageSquare aria-hidden="true" />
        {filter === 'open' ? (
          <p>
            {before}
            <kbd>C</kbd>
            {after}
          </p>
        ) : (
          <p>{t('comments.noneResolved')}</p>
        )}
      </div>
    );
  }
  return (
    <ul className="side-scroll comment-list">
      {shown.map((thread) => (
        <ThreadRow key={thread.id} thread={thread} />
      ))}
    </ul>
  );
}

function ThreadRow({ thread }: { thread: Thread }) {
  const editor = useEditor();
  const open = useSignal(editor.discussion.open) === thread.id;
  const words = firstWords(thread);
  const answers = thread.comments.filter((comment) => !comment.deleted).length - 1;
  const show = () => {
    const point = anchorPoint(editor, anchorOf(thread), fallbackOf(thread));
    if (point) editor.view.reveal(point);
    editor.discussion.show(thread.id);
  };
  return (
    <li>
      <button
        type="button"
        className="thread-row"
        data-testid="thread-row"
        aria-current={open || undefined}
        onClick={show}
      >
        <span className="comment-head">
          <strong className="truncate">{words?.created_by.name ?? thread.created_by.name}</strong>
          <time dateTime={thread.created_at}>{formatAgo(thread.created_at)}</time>
        </span>
        <span className="thread-words">{words?.body}</span>
        {answers > 0 ? <small>{t('comments.replies', { count: answers })}</small> : null}
      </button>
    </li>
  );
}
