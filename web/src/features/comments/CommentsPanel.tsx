import { MessageSquare, MessageSquarePlus } from 'lucide-react';
import { useState } from 'react';
import { errorText } from '@/net/http';
import type { Thread } from '@/net/threads';
import { Button } from '@/ui/Button';
import { formatAgo, formatPlural } from '@/ui/format';
import { Segmented } from '@/ui/Segmented';
import { Skeleton } from '@/ui/Skeleton';
import { useSignal } from '../editor2d/useSignal';
import { useCommand, useEditor } from '../editor2d/workspace';
import { anchorOf, anchorPoint, fallbackOf } from './place';
import { filterThreads, firstWords, type ThreadFilter } from './threadList';
import type { Threads } from './useThreads';

/** All threads of the image; choosing one opens it where it stands. */
export function CommentsPanel({ threads }: { threads: Threads }) {
  const [filter, setFilter] = useState<ThreadFilter>('open');
  const place = useCommand('comment.place');
  const shown = filterThreads(threads.items, filter);
  const openCount = filterThreads(threads.items, 'open').length;
  return (
    <section className="comments" aria-label="Comments" data-testid="comments-panel">
      <div className="history-filter">
        <Segmented
          label="Which comments"
          value={filter}
          options={[
            { value: 'open', label: `Open ${openCount || ''}` },
            { value: 'resolved', label: 'Resolved' },
          ]}
          onChange={setFilter}
        />
        <Button size="s" icon={<MessageSquarePlus />} data-testid="add-comment" onClick={place}>
          Add
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
          Try again
        </Button>
      </div>
    );
  }
  if (shown.length === 0) {
    return (
      <div className="objects-empty">
        <MessageSquare aria-hidden="true" />
        {filter === 'open' ? (
          <p>
            No open comments. Press <kbd>C</kbd> and click a spot, or select an object first to
            comment on it.
          </p>
        ) : (
          <p>Nothing has been resolved here yet.</p>
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
        {answers > 0 ? <small>{formatPlural(answers, 'reply', 'replies')}</small> : null}
      </button>
    </li>
  );
}
