import { Check, ChevronLeft, ChevronRight, X } from 'lucide-react';
import { useEffect } from 'react';
import { t } from '@/i18n/i18n';
import { kUnknownLabel } from '@/editor/labels';
import { Button, IconButton } from '@/ui/Button';
import { Swatch } from '@/ui/Badge';
import { Skeleton } from '@/ui/Skeleton';
import { useSignal } from '../editor2d/useSignal';
import type { Suggestions } from '../editor2d/useSuggestions';
import { useEditor } from '../editor2d/workspace';

/** One suggestion after the other, the surest first, with thumbs' room for the decision. */
export function ReviewSuggestions({ suggestions }: { suggestions: Suggestions }) {
  const editor = useEditor();
  const focused = useSignal(editor.focusedGhost);
  const { shown, status } = suggestions;
  const index = Math.max(
    0,
    shown.findIndex((one) => one.id === focused),
  );
  const current = shown[index];
  const id = current?.id ?? null;

  useEffect(() => {
    editor.focusedGhost.set(id);
  }, [editor, id]);

  if (status === 'loading') return <Skeleton height={96} />;
  if (status === 'failed') return <p role="alert">{suggestions.error}</p>;
  if (!current) {
    return (
      <p className="review-empty">
        {t('review.none')} {t('review.wide')}
      </p>
    );
  }
  const go = (by: number) => {
    const next = shown[index + by];
    if (!next) return;
    editor.focusedGhost.set(next.id);
    const ghost = editor.ghosts.get().find((one) => one.id === next.id);
    if (ghost) editor.view.show(ghost.outline.bounds);
  };
  const label = suggestions.labelOf(current);
  const percent = Math.round((current.confidence ?? current.score) * 100);
  return (
    <div className="review-decision" data-testid="review-suggestion">
      <div className="review-what">
        <IconButton
          label={t('review.earlier')}
          icon={<ChevronLeft />}
          disabled={index === 0}
          onClick={() => go(-1)}
        />
        <span className="review-name">
          <Swatch color={(label ?? kUnknownLabel).color} />
          <strong className="truncate">{label?.name ?? current.class}</strong>
          <span className="num">{percent} %</span>
          <small className="num muted">
            {t('review.position', { number: index + 1, total: shown.length })}
          </small>
        </span>
        <IconButton
          label={t('review.later')}
          icon={<ChevronRight />}
          disabled={index === shown.length - 1}
          onClick={() => go(1)}
        />
      </div>
      <div className="review-buttons">
        <Button
          size="l"
          icon={<X />}
          data-testid="review-reject"
          onClick={() => suggestions.reject(current.id)}
        >
          {t('review.reject')}
        </Button>
        <Button
          size="l"
          variant="ai"
          icon={<Check />}
          data-testid="review-accept"
          onClick={() => suggestions.accept(current.id)}
        >
          {t('review.accept')}
        </Button>
      </div>
    </div>
  );
}
