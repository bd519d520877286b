import { Link } from '@tanstack/react-router';
import { ArrowLeft, ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '@/i18n/i18n';
import { IconButton } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { CommentsPanel } from '../comments/CommentsPanel';
import { Pins } from '../comments/Pins';
import { ThreadPopover } from '../comments/ThreadPopover';
import { filterThreads } from '../comments/threadList';
import type { Threads } from '../comments/useThreads';
import { CanvasStage } from '../editor2d/CanvasStage';
import { SaveStateChip } from '../editor2d/SaveStateChip';
import type { Neighbours } from '../editor2d/useNeighbours';
import { useSignal } from '../editor2d/useSignal';
import type { Suggestions } from '../editor2d/useSuggestions';
import { useCommand, useWorkspace } from '../editor2d/workspace';
import { NotificationBell } from '../notifications/NotificationBell';
import { ReviewObjects } from './ReviewObjects';
import { ReviewSuggestions } from './ReviewSuggestions';
import './review2d.css';

export interface ReviewScreenProps {
  projectName: string;
  neighbours: Neighbours;
  suggestions: Suggestions;
  threads: Threads;
  userId: string;
}

type Part = 'suggestions' | 'objects' | 'comments';

/** The annotate page of small screens: look, decide, comment. Drawing needs more room. */
export default function ReviewScreen(props: ReviewScreenProps) {
  const { suggestions, threads, userId } = props;
  const { editor, asset } = useWorkspace();
  const [part, setPart] = useState<Part>('suggestions');
  useSignal(editor.store.version);
  useEffect(() => editor.tool.set('select'), [editor]);
  const counts: Record<Part, number> = {
    suggestions: suggestions.shown.length,
    objects: editor.store.ordered().length,
    comments: filterThreads(threads.items, 'open').length,
  };
  const parts = (['suggestions', 'objects', 'comments'] as const).map((value) => ({
    value,
    label: t(`review.${value}`, { count: counts[value] }),
  }));
  return (
    <main className="annotate review">
      <h1 className="visually-hidden">{asset.filename}</h1>
      <CanvasStage panOnly />
      <Pins threads={threads.items} />
      <ReviewBar {...props} />
      <section className="review-sheet annotate-glass" aria-label={t('review.sheet')}>
        <Segmented label={t('review.parts')} value={part} options={parts} onChange={setPart} />
        {part === 'suggestions' ? <ReviewSuggestions suggestions={suggestions} /> : null}
        {part === 'objects' ? <ReviewObjects /> : null}
        {part === 'comments' ? <CommentsPanel threads={threads} /> : null}
      </section>
      <ThreadPopover threads={threads} userId={userId} />
    </main>
  );
}

function ReviewBar({ projectName, neighbours }: ReviewScreenProps) {
  const { projectId } = useWorkspace();
  const next = useCommand('page.next');
  const previous = useCommand('page.previous');
  return (
    <header className="review-bar annotate-glass">
      <Link
        to="/projects/$projectId"
        params={{ projectId }}
        className="btn btn-ghost btn-icon"
        aria-label={t('review.back', { project: projectName })}
      >
        <ArrowLeft aria-hidden="true" />
      </Link>
      <IconButton
        label={t('review.previous')}
        icon={<ChevronLeft />}
        disabled={neighbours.previous === null}
        onClick={previous}
      />
      <span className="num review-position">
        {neighbours.position ?? '–'} / {neighbours.total ?? '–'}
      </span>
      <IconButton
        label={t('review.next')}
        icon={<ChevronRight />}
        disabled={neighbours.next === null}
        onClick={next}
      />
      <span className="review-space" />
      <SaveStateChip />
      <NotificationBell />
    </header>
  );
}
