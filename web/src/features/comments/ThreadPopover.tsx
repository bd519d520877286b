import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Anchor } from '@/editor/discussion';
import { createThread, type Thread } from '@/net/threads';
import { IconButton } from '@/ui/Button';
import { useSignal } from '../editor2d/useSignal';
import { useWorkspace } from '../editor2d/workspace';
import { MentionField } from './MentionField';
import { anchorOf, anchorPoint, fallbackOf, usePlacing } from './place';
import { ThreadView } from './ThreadView';
import type { Threads } from './useThreads';
import './comments.css';

/** Room for the pin. */
const kGap = 50;
const kMargin = 8;
const kTopBar = 64;
/** Keep in step with the breakpoints of editor2d.css. */
const kNarrow = 1000;
const kPanelWidth = 308;

/** The open thread, or the one being begun, beside its pin. */
export function ThreadPopover({ threads, userId }: { threads: Threads; userId: string }) {
  const { editor } = useWorkspace();
  const open = useSignal(editor.discussion.open);
  const draft = useSignal(editor.discussion.draft);
  const thread = threads.items.find((one) => one.id === open);
  if (draft) return <DraftPopover key={JSON.stringify(draft)} draft={draft} threads={threads} />;
  if (!thread) return null;
  return <OpenPopover key={thread.id} thread={thread} threads={threads} userId={userId} />;
}

function DraftPopover({ draft, threads }: { draft: Anchor; threads: Threads }) {
  const { editor, asset } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const onObject = 'annotationId' in draft;
  const begin = async (body: string, mentions: string[]) => {
    setBusy(true);
    const place = onObject
      ? { annotation_id: draft.annotationId }
      : { x: draft.at[0], y: draft.at[1] };
    // The object must be on the server before words can hang on it.
    if (onObject) await editor.door?.flush();
    const made = await threads.change('comment', () =>
      createThread(asset.id, { ...place, body, mentions }),
    );
    setBusy(false);
    if (typeof made === 'object') editor.discussion.show(made.id);
    return made !== false;
  };
  return (
    <Popover
      anchor={draft}
      fallback={null}
      title={t(onObject ? 'comments.onThisObject' : 'comments.one')}
    >
      <MentionField
        label={t('comments.one')}
        placeholder={t('comments.say')}
        submit={t('comments.one')}
        autoFocus
        busy={busy}
        onSubmit={begin}
        onCancel={() => editor.discussion.show(null)}
      />
    </Popover>
  );
}

interface OpenPopoverProps {
  thread: Thread;
  threads: Threads;
  userId: string;
}

function OpenPopover({ thread, threads, userId }: OpenPopoverProps) {
  const title = t(thread.annotation_id ? 'comments.onObject' : 'comments.one');
  return (
    <Popover anchor={anchorOf(thread)} fallback={fallbackOf(thread)} title={title}>
      <ThreadView thread={thread} threads={threads} userId={userId} />
    </Popover>
  );
}

interface PopoverProps {
  anchor: Anchor;
  fallback: readonly [number, number] | null;
  title: string;
  children: React.ReactNode;
}

function Popover({ anchor, fallback, title, children }: PopoverProps) {
  const { editor } = useWorkspace();
  const ref = useRef<HTMLElement>(null);
  const close = () => {
    editor.discussion.show(null);
    document.querySelector<HTMLElement>('[data-editor-canvas]')?.focus();
  };
  const place = () => {
    const element = ref.current;
    const point = anchorPoint(editor, anchor, fallback);
    if (!element) return;
    const stage = editor.view.stage.get();
    const [x, y] = point ? editor.view.toScreen(point) : [stage.width / 2, stage.height / 2];
    const { offsetWidth: width, offsetHeight: height } = element;
    const right = stage.width - (stage.width < kNarrow ? 0 : kPanelWidth) - kMargin;
    const beside = x + kGap + width <= right ? x + kGap : x - 16 - width;
    const left = Math.min(Math.max(beside, kMargin), Math.max(kMargin, right - width));
    const bottom = stage.height - kMargin;
    const top = Math.min(Math.max(y - 16, kTopBar), Math.max(kTopBar, bottom - height));
    element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  };
  usePlacing(editor, place, children);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const watch = new ResizeObserver(place);
    watch.observe(element);
    if (!element.contains(document.activeElement)) element.focus({ preventScroll: true });
    return () => watch.disconnect();
    // The place is read anew each time it is called.
  }, []);
  return (
    <section
      ref={ref}
      className="thread-popover"
      role="dialog"
      aria-label={title}
      data-testid="thread"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="thread-head">
        <h3>{title}</h3>
        <IconButton size="s" label={t('common.close')} icon={<X />} onClick={close} />
      </header>
      {children}
    </section>
  );
}
