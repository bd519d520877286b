import { useQueryClient } from '@tanstack/react-query';
import { Check, CheckCheck, Sparkles, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { kUnknownLabel } from '@/editor/labels';
import { jobErrorText } from '@/net/api';
import { errorText } from '@/net/http';
import { cancelJob } from '@/net/routes';
import { Button, IconButton } from '@/ui/Button';
import { Progress } from '@/ui/Progress';
import { Range } from '@/ui/Range';
import { Skeleton } from '@/ui/Skeleton';
import { useJob } from '../jobs/useJob';
import { detectInAsset, type Suggestion } from './annotateApi';
import { suggestionsKey, type Suggestions } from './useSuggestions';
import { useSignal } from './useSignal';
import { useEditor, useWorkspace } from './workspace';

export function SuggestionsPanel({ suggestions }: { suggestions: Suggestions }) {
  const { pending, shown, status } = suggestions;
  return (
    <section
      className="ai-panel annotate-ai-glass"
      aria-label="AI suggestions"
      data-testid="ai-suggestions"
    >
      <header className="panel-head">
        <Sparkles aria-hidden="true" className="ai-ink" />
        <h2>AI suggestions</h2>
        {pending.length > 0 ? (
          <span className="panel-count num">
            {shown.length === pending.length ? shown.length : `${shown.length}/${pending.length}`}
          </span>
        ) : null}
      </header>
      {status === 'loading' ? <LoadingRows /> : null}
      {status === 'failed' ? (
        <div className="panel-note" role="alert">
          <span>{suggestions.error}</span>
          <Button size="s" onClick={suggestions.reload}>
            Try again
          </Button>
        </div>
      ) : null}
      {status === 'ready' && pending.length === 0 ? <Detect /> : null}
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
        <span>Confidence</span>
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
      <ul className="ai-list" aria-label="Suggestions, Enter accepts, Delete rejects">
        {shown.map((suggestion) => (
          <SuggestionRow key={suggestion.id} suggestion={suggestion} suggestions={suggestions} />
        ))}
        {shown.length === 0 ? (
          <li className="panel-note">Nothing at this confidence. Lower the slider.</li>
        ) : null}
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
          Accept {shown.length > 1 ? `all ${shown.length}` : shown.length} above {percent} %
        </Button>
      </footer>
    </>
  );
}

function SuggestionRow(props: { suggestion: Suggestion; suggestions: Suggestions }) {
  const { suggestion, suggestions } = props;
  const editor = useEditor();
  const focused = useSignal(editor.focusedGhost) === suggestion.id;
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
          {label ? null : <small>adds this label</small>}
          {suggestion.attributes?.text ? <small>“{suggestion.attributes.text}”</small> : null}
          {suggestion.reasons?.[0] ? <small>{suggestion.reasons[0]}</small> : null}
        </span>
        <span className="ai-score num">{percent} %</span>
      </button>
      <IconButton
        size="s"
        label={`Reject ${name}`}
        keys="Del"
        icon={<X />}
        onClick={(event) => {
          event.stopPropagation();
          suggestions.reject(suggestion.id);
        }}
      />
      <IconButton
        size="s"
        className="ai-accept"
        label={`Accept ${name}`}
        keys="Enter"
        icon={<Check />}
        onClick={(event) => {
          event.stopPropagation();
          suggestions.accept(suggestion.id);
        }}
      />
    </li>
  );
}

function whyProposed(suggestion: Suggestion): string {
  const lines = [`From ${suggestion.model_version}`];
  if (suggestion.confidence !== undefined && suggestion.confidence !== null) {
    const said = Math.round(suggestion.score * 100);
    const meant = Math.round(suggestion.confidence * 100);
    lines.push(`The model says ${said} %; by your decisions on this class that means ${meant} %.`);
  }
  return lines.concat(suggestion.reasons ?? []).join('\n');
}

/** Nothing pending: one button asks the detector, its progress shows where the answers will be. */
function Detect() {
  const { projectId, asset } = useWorkspace();
  const client = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [found, setFound] = useState(false);
  const { job, lost } = useJob(jobId);
  const state = job?.state;
  const waiting = starting || (jobId !== null && !lost && (!state || !isOver(state)));

  useEffect(() => {
    if (state !== 'succeeded') return;
    setFound(true);
    void client.invalidateQueries({ queryKey: suggestionsKey(asset.id) });
  }, [state, client, asset.id]);

  const start = async () => {
    setStarting(true);
    setFailure(null);
    setFound(false);
    try {
      setJobId((await detectInAsset(projectId, asset.id)).job_id);
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setStarting(false);
    }
  };

  const problem = failure ?? lost ?? (job && state === 'failed' ? jobErrorText(job) : null);
  if (waiting) {
    const progress = job?.progress;
    const share = progress && progress.total > 0 ? progress.done / progress.total : undefined;
    return (
      <div className="ai-empty">
        <p>{state === 'running' ? 'Looking for objects…' : 'Waiting for the detector…'}</p>
        <Progress label="Detection" value={share === 0 ? undefined : share} tone="ai" />
        <Button
          size="s"
          variant="ghost"
          disabled={jobId === null}
          onClick={() => jobId && void cancelJob(jobId)}
        >
          Cancel
        </Button>
      </div>
    );
  }
  return (
    <div className="ai-empty">
      {problem ? (
        <p role="alert" className="ai-problem">
          {problem}
        </p>
      ) : (
        <p>
          {found
            ? 'Nothing more to decide here.'
            : 'Let a model propose objects. You decide on each of them.'}
        </p>
      )}
      <Button
        variant="ai"
        size="s"
        icon={<Sparkles />}
        data-testid="detect-button"
        onClick={() => void start()}
      >
        Detect objects in this image
      </Button>
    </div>
  );
}

function isOver(state: string): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
