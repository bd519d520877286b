import { CircleCheck, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import {
  deleteComment,
  editComment,
  reply,
  setResolved,
  textEdit,
  type Comment,
  type Thread,
} from '@/net/threads';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { formatAgo, formatDateTime } from '@/ui/format';
import { MentionField } from './MentionField';
import { isResolved, stretches } from './threadList';
import type { CommentDeed, Threads } from './useThreads';

export interface ThreadViewProps {
  thread: Thread;
  threads: Threads;
  /** Id of the one who looks. */
  userId: string;
}

/** All words of a thread, the field for an answer, and the way to settle it. */
export function ThreadView({ thread, threads, userId }: ThreadViewProps) {
  const [busy, setBusy] = useState(false);
  const resolved = isResolved(thread);
  const run = async (what: CommentDeed, change: () => Promise<Thread | void>) => {
    setBusy(true);
    const done = await threads.change(what, change);
    setBusy(false);
    return done !== false;
  };
  const what = resolved ? 'reopen' : 'resolve';
  const settle = (
    <Button
      size="s"
      variant="ghost"
      className="thread-settle"
      icon={resolved ? <RotateCcw /> : <CircleCheck />}
      data-testid="thread-resolve"
      disabled={busy}
      onClick={() => void run(what, () => setResolved(thread.id, !resolved))}
    >
      {t(resolved ? 'comments.reopen' : 'comments.resolve')}
    </Button>
  );
  return (
    <>
      <ol className="thread-comments" aria-live="polite">
        {thread.comments.map((comment) => (
          <CommentRow
            key={comment.id}
            comment={comment}
            own={comment.created_by.id === userId}
            run={run}
          />
        ))}
      </ol>
      {resolved ? (
        <p className="thread-resolved">
          <CircleCheck aria-hidden="true" />
          <span>{resolvedText(thread)}</span>
          {settle}
        </p>
      ) : (
        <MentionField
          label={t('comments.reply')}
          placeholder={t('comments.replyHint')}
          submit={t('comments.reply')}
          busy={busy}
          onSubmit={(text, mentions) => run('reply', () => reply(thread.id, text, mentions))}
        >
          {settle}
        </MentionField>
      )}
    </>
  );
}

function resolvedText({ resolved_by: by, resolved_at: at }: Thread): string {
  const ago = at ? formatAgo(at) : '';
  if (!by || typeof by !== 'object') return t('comments.resolvedAt', { ago });
  return t('comments.resolvedBy', { name: by.name, ago });
}

interface CommentRowProps {
  comment: Comment;
  own: boolean;
  run: (what: CommentDeed, change: () => Promise<Thread | void>) => Promise<boolean>;
}

function CommentRow({ comment, own, run }: CommentRowProps) {
  const [editing, setEditing] = useState(false);
  const [sure, setSure] = useState(false);
  const { created_by: by, created_at: at, body, mentions } = comment;
  if (comment.deleted) {
    return (
      <li className="comment comment-deleted">{t('comments.deletedBy', { name: by.name })}</li>
    );
  }
  if (editing) {
    const change = async (text: string, ids: string[]) => {
      const edit = textEdit(body, text);
      const same = text === body;
      const done = same || (await run('edit', () => editComment(comment, edit, ids)));
      if (done) setEditing(false);
      return false;
    };
    return (
      <li className="comment">
        <MentionField
          label={t('comments.editLabel')}
          submit={t('common.save')}
          initial={body}
          autoFocus
          onSubmit={change}
          onCancel={() => setEditing(false)}
        />
      </li>
    );
  }
  return (
    <li className="comment" data-testid="comment">
      <div className="comment-head">
        <strong className="truncate">{by.name}</strong>
        <time dateTime={at} title={formatDateTime(at)}>
          {formatAgo(at)}
        </time>
        {comment.edited_at ? (
          <span title={formatDateTime(comment.edited_at)}>{t('comments.edited')}</span>
        ) : null}
        {own && !sure ? (
          <span className="comment-actions">
            <IconButton
              size="s"
              label={t('comments.edit')}
              icon={<Pencil />}
              onClick={() => setEditing(true)}
            />
            <IconButton
              size="s"
              label={t('comments.delete')}
              icon={<Trash2 />}
              onClick={() => setSure(true)}
            />
          </span>
        ) : null}
      </div>
      <p className="comment-body">
        {stretches(body, mentions).map((part, index) =>
          part.mention ? <mark key={index}>{part.text}</mark> : part.text,
        )}
      </p>
      {sure ? (
        <div className="comment-sure">
          <span>{t('comments.deleteAsk')}</span>
          <Button size="s" variant="ghost" autoFocus onClick={() => setSure(false)}>
            {t('comments.keep')}
          </Button>
          <Button
            size="s"
            variant="danger"
            onClick={() => void run('delete', () => deleteComment(comment.id))}
          >
            {t('comments.delete')}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
