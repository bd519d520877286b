import { Link } from '@tanstack/react-router';
import { Sparkles, Tags } from 'lucide-react';
import { keyText } from '@/editor/keys/keysOf';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Progress } from '@/ui/Progress';
import { DetectorChoice } from './DetectorChoice';
import type { Detection } from './useDetection';
import type { Similar } from './useSimilar';

export interface DetectProps {
  detection: Detection;
  similar: Similar;
  /** Nothing waits for a decision: there is room for words. */
  roomy: boolean;
}

/** Asks a detector about this image; its progress shows where the answers will be. */
export function Detect({ detection, similar, roomy }: DetectProps) {
  if (similar.busy) {
    return <Waiting text={t('ai.lookingForSimilar')} onCancel={similar.cancel} />;
  }
  if (detection.state === 'queued' || detection.state === 'running') {
    const text = t(
      detection.state === 'running' ? 'ai.lookingForObjects' : 'ai.waitingForDetector',
    );
    return <Waiting text={text} share={detection.share} onCancel={detection.cancel} />;
  }
  const none = detection.detectors?.length === 0;
  if (none && !detection.byNames) {
    return (
      <div className="ai-empty">
        <p>
          {t('ai.noDetector')} <Link to="/models">{t('ai.openModels')}</Link>
        </p>
      </div>
    );
  }
  return (
    <div className="ai-empty" data-compact={roomy ? undefined : ''}>
      <DetectText detection={detection} roomy={roomy} />
      {none ? null : <DetectNow detection={detection} roomy={roomy} />}
      {detection.byNames ? (
        <Button
          size="s"
          variant="ghost"
          icon={<Tags />}
          data-testid="detect-by-names"
          onClick={() => detection.start(detection.byNames?.id)}
        >
          {t('ai.detectByNames')}
        </Button>
      ) : null}
    </div>
  );
}

function DetectNow({ detection, roomy }: { detection: Detection; roomy: boolean }) {
  const keys = keyText('ai.detect');
  return (
    <div className="ai-detect">
      <Button
        variant={roomy ? 'ai' : 'ghost'}
        size="s"
        icon={<Sparkles />}
        title={t('ai.detect')}
        aria-keyshortcuts={keys}
        data-testid="detect-button"
        onClick={() => detection.start()}
      >
        {t(roomy ? 'ai.detect' : 'ai.detectShort')} <kbd>{keys}</kbd>
      </Button>
      <DetectorChoice choice={detection} />
    </div>
  );
}

function DetectText({ detection, roomy }: { detection: Detection; roomy: boolean }) {
  if (detection.problem) {
    return (
      <p role="alert" className="ai-problem">
        {detection.problem}
      </p>
    );
  }
  if (!roomy) return null;
  return <p>{t(detection.state === 'done' ? 'ai.nothingMore' : 'ai.letModelPropose')}</p>;
}

function Waiting(props: { text: string; share?: number; onCancel(): void }) {
  return (
    <div className="ai-empty ai-waiting" data-testid="ai-waiting">
      <p role="status">{props.text}</p>
      <Button size="s" variant="ghost" onClick={props.onCancel}>
        {t('ai.cancel')} <kbd>Esc</kbd>
      </Button>
      <Progress label={props.text} value={props.share} tone="ai" />
    </div>
  );
}
