import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { selectedClip } from '@/editor/objects/clipboardUse';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { propagate } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { toast } from '@/ui/Toast';
import type { Walk } from '../../assets/walk';
import { useWorkspace } from '../workspace';
import { copyTo, followingAssets } from './otherImages';

const kImagesMax = 50;
const kDefault = 5;
type How = 'copy' | 'search';

export interface PropagateDialogProps {
  /** The order in which one goes through the images. */
  walk: Walk;
  onClose: () => void;
}

/** Carries the selection on to the images that follow. */
export function PropagateDialog({ walk, onClose }: PropagateDialogProps) {
  const { editor, projectId, asset } = useWorkspace();
  const client = useQueryClient();
  const [how, setHow] = useState<How>('copy');
  const [count, setCount] = useState(kDefault);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const stopped = useRef(false);
  const clip = useRef(selectedClip(editor)).current;

  const copy = async () => {
    const targets = await followingAssets(client, { projectId, asset, walk, count });
    if (targets.length === 0) return toast({ title: t('objects.propagate.last') });
    let made = 0;
    for (const [index, target] of targets.entries()) {
      if (stopped.current) break;
      setProgress({ done: index, total: targets.length });
      made += await copyTo(editor, clip, target);
    }
    void client.invalidateQueries({ queryKey: ['assets', projectId] });
    return toast({
      tone: 'ok',
      title: t('objects.propagate.copied', { count: made }),
      detail: t('objects.propagate.copiedTo', { count: targets.length }),
    });
  };
  const search = async () => {
    setProgress({ done: 0, total: 1 });
    await editor.door?.flush();
    const { suggestions, assets } = await propagate(asset.id);
    toast({
      tone: 'ok',
      title: t('objects.propagate.suggested', { count: suggestions }),
      detail: t('objects.propagate.suggestedIn', { count: assets }),
    });
  };
  const run = async () => {
    setProgress({ done: 0, total: count });
    try {
      await (how === 'copy' ? copy() : search());
      onClose();
    } catch (error) {
      setProgress(null);
      toast({ tone: 'err', title: t('objects.propagate.failed'), detail: errorText(error) });
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('objects.propagate.title')}
      description={t('objects.propagate.about', { count: clip.objects.length })}
      width={460}
      locked={progress !== null}
      testId="propagate-dialog"
      footer={
        <>
          <Button
            onClick={() => {
              stopped.current = true;
              if (!progress) onClose();
            }}
          >
            {t('objects.propagate.cancel')}
          </Button>
          <Button
            variant="primary"
            busy={progress !== null}
            data-testid="propagate-run"
            onClick={() => void run()}
          >
            {t(`objects.propagate.${how}Run`)}
          </Button>
        </>
      }
    >
      <div className="propagate">
        <label className="checkbox">
          <input
            type="radio"
            name="propagate-how"
            checked={how === 'copy'}
            onChange={() => setHow('copy')}
          />
          <span>
            {t('objects.propagate.copy')}
            <small>{t('objects.propagate.copyHint')}</small>
          </span>
        </label>
        <label className="propagate-count">
          <span>{t('objects.propagate.images')}</span>
          <input
            className="input input-s num"
            type="number"
            min={1}
            max={kImagesMax}
            value={count}
            disabled={how !== 'copy'}
            data-testid="propagate-count"
            onChange={(event) => {
              const wanted = event.currentTarget.valueAsNumber;
              if (Number.isFinite(wanted)) setCount(Math.min(kImagesMax, Math.max(1, wanted)));
            }}
          />
        </label>
        <label className="checkbox">
          <input
            type="radio"
            name="propagate-how"
            checked={how === 'search'}
            onChange={() => setHow('search')}
          />
          <span>
            {t('objects.propagate.search')}
            <small>{t('objects.propagate.searchHint')}</small>
          </span>
        </label>
        {progress && how === 'copy' ? (
          <progress
            max={progress.total}
            value={progress.done}
            aria-label={t('objects.propagate.progress')}
          />
        ) : null}
      </div>
    </Dialog>
  );
}
