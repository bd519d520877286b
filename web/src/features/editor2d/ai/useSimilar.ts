/** Looks for objects like one of this image, in this image; they become suggestions. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Editor } from '@/editor/editor';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { toast } from '@/ui/Toast';
import { findSimilar } from '../annotateApi';
import { suggestionsKey } from '../useSuggestions';

export interface Similar {
  busy: boolean;
  start(annotationId: string): void;
  cancel(): void;
}

export function useSimilar(editor: Editor, assetId: string): Similar {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const inFlight = useRef<AbortController | null>(null);
  useEffect(() => () => inFlight.current?.abort(), [assetId]);

  const start = async (annotationId: string) => {
    const annotation = editor.store.get(annotationId)?.annotation;
    if (!annotation?.label_id || inFlight.current) return;
    const controller = new AbortController();
    inFlight.current = controller;
    setBusy(true);
    editor.announcements.emit(t('ai.lookingForSimilar'));
    try {
      const { label_id, shape } = annotation;
      const { found, suggestions } = await findSimilar(
        assetId,
        { label_id, shape },
        controller.signal,
      );
      await client.invalidateQueries({ queryKey: suggestionsKey(assetId) });
      if (suggestions > 0) {
        editor.announcements.emit(t('ai.similarFound', { count: suggestions }));
      } else {
        const title = found > 0 ? t('ai.similarKnown') : t('ai.similarNone');
        toast({ title, detail: t('ai.similarHint') });
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        toast({ tone: 'err', title: t('ai.similarFailed'), detail: errorText(error) });
      }
    }
    // Another search may have begun since this one was cancelled.
    if (inFlight.current !== controller) return;
    inFlight.current = null;
    setBusy(false);
  };

  return {
    busy,
    start: (annotationId) => void start(annotationId),
    cancel: () => {
      inFlight.current?.abort();
      inFlight.current = null;
      setBusy(false);
      editor.announcements.emit(t('ai.similarCancelled'));
    },
  };
}
