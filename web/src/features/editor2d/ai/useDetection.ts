/** One image looked at by a detector, on request: which one, how far, and what became of it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Editor } from '@/editor/editor';
import { t } from '@/i18n/i18n';
import { jobErrorText, jobIsOver, type Model } from '@/net/api';
import { ApiError, errorText } from '@/net/http';
import { cancelJob } from '@/net/routes';
import { useJob } from '../../jobs/useJob';
import { isDetector, isProposer, isUsable } from '../../models/modelText';
import { modelsQuery } from '../../models/queries';
import { detectInAsset } from '../annotateApi';
import { kDetector } from '../choices';
import { usePreference } from '../usePreference';
import { suggestionsKey } from '../useSuggestions';

const kImageText = 'image_text';

export interface DetectorChoice {
  /** What can be asked, the server's own choice first; null while that is not known. */
  detectors: readonly Model[] | null;
  detector: Model | null;
  choose(id: string): void;
}

export interface Detection extends DetectorChoice {
  /** A model that gives an image the project's labels by their names alone. */
  byNames: Model | null;
  state: 'idle' | 'queued' | 'running' | 'done';
  /** 0 to 1 while that is known. */
  share: number | undefined;
  problem: string | null;
  start(detector?: string): void;
  cancel(): void;
}

export function useDetection(editor: Editor, projectId: string, assetId: string): Detection {
  const client = useQueryClient();
  const { byNames, ...choice } = useDetectors();
  const { detector } = choice;
  const [jobId, setJobId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { job, lost } = useJob(jobId);
  const over = job !== null && jobIsOver(job.state);

  useEffect(() => {
    if (job?.state !== 'succeeded') return;
    void client.invalidateQueries({ queryKey: suggestionsKey(assetId) });
    editor.announcements.emit(t('ai.detectionDone'));
  }, [job?.state, client, editor, assetId]);

  const start = async (model: string | undefined) => {
    setStarting(true);
    setFailure(null);
    setJobId(null);
    editor.announcements.emit(t('ai.lookingForObjects'));
    try {
      setJobId((await detectInAsset(projectId, assetId, model)).job_id);
    } catch (error) {
      const missing = error instanceof ApiError && error.code === 'model_not_installed';
      setFailure(missing ? t('ai.noDetector') : errorText(error));
    } finally {
      setStarting(false);
    }
  };

  const waiting = starting || (jobId !== null && lost === null && !over);
  const progress = job?.progress;
  return {
    ...choice,
    byNames,
    state: waiting ? (job?.state === 'running' ? 'running' : 'queued') : over ? 'done' : 'idle',
    share: progress && progress.done > 0 ? progress.done / progress.total : undefined,
    problem: failure ?? lost ?? (job?.state === 'failed' ? jobErrorText(job) : null),
    start: (model) => {
      if (!waiting) void start(model ?? detector?.id);
    },
    cancel: () => {
      if (jobId !== null) void cancelJob(jobId);
    },
  };
}

export function useDetectors(): DetectorChoice & Pick<Detection, 'byNames'> {
  const models = useQuery(modelsQuery);
  const [chosen, choose] = usePreference<string | null>(kDetector, null);
  const usable = models.data?.items.filter(isUsable);
  if (!usable) return { detectors: null, byNames: null, detector: null, choose };
  const first = (a: Model, b: Model) =>
    Number(b.is_default ?? false) - Number(a.is_default ?? false);
  const detectors = [
    ...usable.filter(isDetector).sort(first),
    ...usable.filter((model) => isProposer(model) && !isDetector(model)),
  ];
  const detector = detectors.find(({ id }) => id === chosen) ?? detectors[0] ?? null;
  const byNames = usable.find(({ task }) => task === kImageText) ?? null;
  return { detectors, detector, choose, byNames };
}
