import { CheckCheck, X } from 'lucide-react';
import { keyText } from '@/editor/keys/keysOf';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Range } from '@/ui/Range';
import type { Suggestions } from '../useSuggestions';
import { kLeastLikeness } from './useLikeness';

/** Decides on all that looks like an object at once; absent where nothing does. */
export function SimilarStrip({ suggestions }: { suggestions: Suggestions }) {
  const { likeness, busy } = suggestions;
  const { found, taken, least } = likeness;
  if (found.length === 0) return null;
  const percent = Math.round(least * 100);
  const count = t('ai.similarTaken', { taken: taken.length, found: found.length });
  const accept = t('ai.acceptSimilar', { count: taken.length });
  const reject = t('ai.rejectSimilar', { count: found.length });
  return (
    <div className="ai-similar" role="group" aria-label={t('ai.similar')} data-testid="similar">
      <label className="ai-slider">
        <span>{t('ai.likeness')}</span>
        <Range
          className="ai"
          min={kLeastLikeness * 100}
          max={100}
          value={percent}
          aria-valuetext={`${percent} %, ${count}`}
          data-testid="similar-likeness"
          onChange={(event) => likeness.setLeast(Number(event.currentTarget.value) / 100)}
        />
        <output className="num">≥ {percent} %</output>
      </label>
      <p className="num" data-testid="similar-count">
        {count}
      </p>
      <div className="ai-similar-do">
        <Button
          variant="ai"
          size="s"
          icon={<CheckCheck />}
          disabled={taken.length === 0 || busy}
          title={keyText('ai.acceptSimilar')}
          aria-keyshortcuts={keyText('ai.acceptSimilar')}
          data-testid="accept-similar"
          onClick={suggestions.acceptSimilar}
        >
          {accept}
        </Button>
        <Button
          variant="ghost"
          size="s"
          icon={<X />}
          disabled={busy}
          title={keyText('ai.rejectSimilar')}
          aria-keyshortcuts={keyText('ai.rejectSimilar')}
          data-testid="reject-similar"
          onClick={suggestions.rejectSimilar}
        >
          {reject}
        </Button>
      </div>
    </div>
  );
}
