/** Going to an earlier state of the open asset, and making it the present one. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Editor } from '@/editor/editor';
import { makePast } from '@/editor/past';
import { errorText } from '@/net/http';
import { getStateAt, restoreState } from '@/net/historyRoutes';
import { toast } from '@/ui/Toast';
import { formatClock } from './clock';

export interface TimeTravel {
  /** The revision that is being fetched. */
  going: number | null;
  goTo(revision: number, at: string): void;
}

export function useTimeTravel(editor: Editor, assetId: string): TimeTravel {
  const [going, setGoing] = useState<number | null>(null);
  const latest = useRef(0);
  const goTo = async (revision: number, at: string) => {
    latest.current = revision;
    setGoing(revision);
    try {
      // What waits here is part of now, with which the past is compared.
      await editor.door?.flush();
      const { items } = await getStateAt(assetId, revision);
      if (latest.current === revision) editor.travel(makePast(revision, at, items));
    } catch (error) {
      const title = t('history.past.failed');
      toast({ tone: 'err', title, detail: errorText(error) });
    } finally {
      setGoing((current) => (current === revision ? null : current));
    }
  };
  return { going, goTo: (revision, at) => void goTo(revision, at) };
}

export function useRestore(editor: Editor, assetId: string) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const restore = async () => {
    const past = editor.past.get();
    if (!past) return;
    setBusy(true);
    try {
      const { applied } = await restoreState(assetId, past.revision);
      editor.travel(null);
      await editor.door?.refresh();
      void client.invalidateQueries({ queryKey: ['history', assetId] });
      const title = t('history.past.restored', { time: formatClock(past.at) });
      const detail = t(applied === 0 ? 'history.past.noDifference' : 'history.past.undoable');
      toast({ tone: 'ok', title, detail });
    } catch (error) {
      toast({ tone: 'err', title: t('history.past.restoreFailed'), detail: errorText(error) });
    } finally {
      setBusy(false);
    }
  };
  return { busy, restore: () => void restore() };
}
