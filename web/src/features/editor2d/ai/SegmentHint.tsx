import { Link } from '@tanstack/react-router';
import { Check, Eye, EyeOff, X } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Editor } from '@/editor/editor';
import type { Prompt } from '@/editor/overlay';
import { t } from '@/i18n/i18n';
import { kHoverPreference } from '@/tools/segment/hoverPreference';
import { Button, IconButton } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { usePreference } from '../usePreference';
import { useSignal } from '../useSignal';
import { useEditor, useWorkspace } from '../workspace';

const kSpinnerDelayMs = 150;

/** Only the prompt, not what else moves on the overlay. */
function usePrompt(editor: Editor): Prompt | null {
  return useSyncExternalStore(editor.overlay.subscribe, () => editor.overlay.get().prompt);
}

export function SegmentHint() {
  const { editor, toolbox } = useWorkspace();
  const prompt = usePrompt(editor);
  const form = useSignal(editor.maskForm);
  const refining = useSignal(editor.refining) !== null;
  return (
    <>
      <SegmentSaying prompt={prompt} refining={refining} />
      {refining ? null : (
        <Segmented
          label={t('ai.keepAs')}
          value={form}
          options={[
            { value: 'polygon', label: t('ai.polygon') },
            { value: 'mask', label: t('ai.mask') },
          ]}
          onChange={(value) => editor.maskForm.set(value)}
        />
      )}
      {prompt || refining ? (
        <Button
          size="s"
          icon={<X />}
          variant="ghost"
          onClick={() => toolbox.dispatch({ type: 'cancel' })}
        >
          {t('ai.cancel')} <kbd>Esc</kbd>
        </Button>
      ) : (
        <HoverSwitch />
      )}
      {prompt ? (
        <Button
          size="s"
          icon={<Check />}
          variant="ai"
          data-testid="segment-accept"
          onClick={() => toolbox.dispatch({ type: 'complete' })}
        >
          {t('ai.accept')} <kbd>Enter</kbd>
        </Button>
      ) : null}
    </>
  );
}

function SegmentSaying({ prompt, refining }: { prompt: Prompt | null; refining: boolean }) {
  const editor = useEditor();
  const readiness = useSignal(editor.readiness);
  const slow = useLate(readiness.state === 'reading');
  if (readiness.state === 'failed') {
    return (
      <span role="alert" data-testid="segment-problem">
        {readiness.missing ? t('ai.noSegmenter') : readiness.detail}{' '}
        {readiness.missing ? <Link to="/models">{t('ai.openModels')}</Link> : null}
      </span>
    );
  }
  if (prompt) {
    const score = prompt.score === null ? null : Math.round(prompt.score * 100);
    return (
      <span className="hint-score num">
        {score === null ? t('ai.looking') : t('ai.outlineSure', { percent: Math.min(score, 100) })}
      </span>
    );
  }
  if (slow) {
    return (
      <span role="status" data-testid="segment-reading">
        <span className="spinner" aria-hidden="true" /> {t('ai.reading')}
      </span>
    );
  }
  return <span data-testid="segment-hint">{t(refining ? 'ai.refineHint' : 'ai.clickHint')}</span>;
}

/** True once something has gone on for longer than a moment. */
function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!waiting) return;
    const timer = setTimeout(() => setLate(true), kSpinnerDelayMs);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late && waiting;
}

function HoverSwitch() {
  const [on, choose] = usePreference(kHoverPreference, true);
  return (
    <IconButton
      size="s"
      label={t('ai.hoverSwitch')}
      aria-pressed={on}
      data-testid="hover-preview"
      icon={on ? <Eye /> : <EyeOff />}
      onClick={() => choose(!on)}
    />
  );
}
