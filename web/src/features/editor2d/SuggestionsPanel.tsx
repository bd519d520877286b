import { Check, CheckCheck, Sparkles, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { kUnknownLabel } from '@/editor/labels';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { Range } from '@/ui/Range';
import { Skeleton } from '@/ui/Skeleton';
import { Detect } from './ai/Detect';
import { SelectionActions } from './ai/SelectionActions';
import { SimilarStrip } from './ai/SimilarStrip';
import type { Detection } from './ai/useDetection';
import type { Similar } from './ai/useSimilar';
import type { Suggestion } from './annotateApi';
import type { Suggestions } from './useSuggestions';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import './ai/ai.css';

export interface SuggestionsPanelProps {
  suggestions: Suggestions;
  detection: Detection;
  similar: Similar;
}

export function SuggestionsPanel({ suggestions, detection, similar }: SuggestionsPanelProps) {
  const { pending, shown, status } = suggestions;
  return (
    <section
      className="ai-panel annotate-ai-glass"
      aria-label={t('ai.title')}
      data-testid="ai-suggestions"
    >
      <header className="panel-head">
        <Sparkles aria-hidden="true" className="ai-ink" />
        <h2>{t('ai.title')}</h2>
        {pending.length > 0 ? (
          <span className="panel-count num">
            {shown.length === pending.length ? shown.length : `${shown.length}/${pending.length}`}
          </span>
        ) : null}
        <SelectionActions />
      </header>
      {status === 'loading' ? <LoadingRows /> : null}
      {status === 'failed' ? (
        <div className="panel-note" role="alert">
          <span>{suggestions.error}</span>
          <Button size="s" onClick={suggestions.reload}>
            {t('ai.tryAgain')}
          </Button>
        </div>
      ) : null}
      {status === 'ready' ? (
        <Detect detection={detection} similar={similar} roomy={pending.length === 0} />
      ) : null}
      <SimilarStrip suggestions={suggestions} />
      {pending.length > 0 ? <Decisions suggestions={suggestions} /> : null}
    </section>
  );
}

function LoadingRows() {
  return (
    <div className="ai-loading" aria-busy="true">
      <Skeleton height={30} />
      <Skeleton height={30} />
    </div>
  );
}

function Decisions({ suggestions }: { suggestions: Suggestions }) {
  const { shown, minScore, setMinScore } = suggestions;
  const percent = Math.round(minScore * 100);
  return (
    <>
      <label className="ai-slider">
        <span>{t('ai.confidence')}</span>
        <Range
          className="ai"
          min={0}
          max={95}
          step={5}
          value={percent}
          data-testid="ai-confidence"
          onChange={(event) => setMinScore(Number(event.currentTarget.value) / 100)}
        />
        <output className="num">≥ {percent} %</output>
      </label>
      <ul className="ai-list" aria-label={t('ai.list')}>
        {shown.map((suggestion) => (
          <SuggestionRow key={suggestion.id} suggestion={suggestion} suggestions={suggestions} />
        ))}
        {shown.length === 0 ? <li className="panel-note">{t('ai.nothingAtConfidence')}</li> : null}
      </ul>
      <footer className="ai-foot">
        <Button
          variant="ai"
          size="s"
          block
          icon={<CheckCheck />}
          disabled={shown.length === 0 || suggestions.busy}
          data-testid="accept-all"
          onClick={suggestions.acceptShown}
        >
          {t('ai.acceptAbove', { count: shown.length, percent })}
        </Button>
      </footer>
    </>
  );
}

function SuggestionRow(props: { suggestion: Suggestion; suggestions: Suggestions }) {
  const { suggestion, suggestions } = props;
  const editor = useEditor();
  const focused = useSignal(editor.focusedGhost) === suggestion.id;
  const source = sourceOf(suggestion);
  const row = useRef<HTMLButtonElement>(null);
  const label = suggestions.labelOf(suggestion);
  const name = label?.name ?? suggestion.class;
  const percent = Math.round((suggestion.confidence ?? suggestion.score) * 100);

  useEffect(() => {
    if (!focused || !row.current) return;
    row.current.scrollIntoView({ block: 'nearest' });
    // After a decision by key the next row takes the focus, so that Enter, Enter, Delete works.
    if (document.activeElement?.closest('.ai-list')) row.current.focus({ preventScroll: true });
  }, [focused]);

  return (
    <li className="ai-row" data-focused={focused || undefined} data-testid="suggestion">
      <button
        ref={row}
        type="button"
        className="ai-main"
        aria-pressed={focused}
        title={whyProposed(suggestion)}
        onFocus={() => editor.focusedGhost.set(suggestion.id)}
        onClick={() => editor.focusedGhost.set(suggestion.id)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          suggestions.accept(suggestion.id);
        }}
      >
        <span className="swatch" style={{ background: (label ?? kUnknownLabel).color }} />
        <span className="ai-name truncate">
          {name}
          {label ? null : <small>{t('ai.addsLabel')}</small>}
          {suggestion.attributes?.text ? <small>“{suggestion.attributes.text}”</small> : null}
          {suggestion.reasons?.[0] ? <small>{suggestion.reasons[0]}</small> : null}
        </span>
        <span className="ai-source truncate" aria-label={t('ai.source', { model: source })}>
          {source}
        </span>
        <span className="ai-score num">{percent} %</span>
      </button>
      <IconButton
        size="s"
        label={t('ai.rejectOne', { name })}
        keys={t('commands.keyNames.Delete')}
        icon={<X />}
        onClick={(event) => {
          event.stopPropagation();
          suggestions.reject(suggestion.id);
        }}
      />
      <IconButton
        size="s"
        className="ai-accept"
        label={t('ai.acceptOne', { name })}
        keys={t('commands.keyNames.Enter')}
        icon={<Check />}
        onClick={(event) => {
          event.stopPropagation();
          suggestions.accept(suggestion.id);
        }}
      />
    </li>
  );
}

/** Who proposed it, without version and helpers: `yolox-nano`. */
function sourceOf({ model_version }: Suggestion): string {
  return model_version.split(/[@+]/)[0] ?? model_version;
}

function whyProposed(suggestion: Suggestion): string {
  const lines = [t('ai.from', { model: suggestion.model_version })];
  if (suggestion.confidence !== undefined && suggestion.confidence !== null) {
    const said = Math.round(suggestion.score * 100);
    const meant = Math.round(suggestion.confidence * 100);
    lines.push(t('ai.calibrated', { said, meant }));
  }
  return lines.concat(suggestion.reasons ?? []).join('\n');
}
