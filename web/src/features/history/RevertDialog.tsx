import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Editor } from '@/editor/editor';
import { errorText } from '@/net/http';
import { listHistory, revertAll, type HistoryItem } from '@/net/historyRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { formatCount } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { toast } from '@/ui/Toast';

export interface RevertTarget {
  kind: 'person' | 'run';
  id: string;
  name: string;
}

const kPage = 200;
const kPagesMax = 25;

interface Counted {
  changes: number;
  /** The log is longer than what was counted. */
  atLeast: boolean;
}

function isBy(target: RevertTarget, item: HistoryItem): boolean {
  return target.kind === 'person' ? item.created_by.id === target.id : item.run === target.id;
}

async function countChanges(
  assetId: string,
  target: RevertTarget,
  signal: AbortSignal,
): Promise<Counted> {
  let changes = 0;
  let before: string | undefined;
  for (let page = 0; page < kPagesMax; page++) {
    const query = { limit: kPage, ...(before && { before }) };
    const { items, next_cursor } = await listHistory(assetId, query, signal);
    changes += items.filter((item) => isBy(target, item)).length;
    if (!next_cursor) return { changes, atLeast: false };
    before = next_cursor;
  }
  return { changes, atLeast: true };
}

export interface RevertDialogProps {
  target: RevertTarget;
  assetId: string;
  editor: Editor;
  onClose: () => void;
}

/** Says how many changes would be taken back before it is done. */
export function RevertDialog({ target, assetId, editor, onClose }: RevertDialogProps) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const count = useQuery({
    queryKey: ['revert-count', assetId, target.kind, target.id],
    queryFn: ({ signal }) => countChanges(assetId, target, signal),
    staleTime: 0,
    gcTime: 0,
  });
  const person = target.kind === 'person';

  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await editor.door?.flush();
      const reply = await revertAll(assetId, person ? { user_id: target.id } : { run: target.id });
      editor.travel(null);
      await editor.door?.refresh();
      void client.invalidateQueries({ queryKey: ['history', assetId] });
      tell(reply.reverted, reply.kept.length);
      onClose();
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={person ? t('history.revert.person', { name: target.name }) : t('history.revert.run')}
      width={460}
      locked={busy}
      testId="revert-dialog"
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="danger"
            busy={busy}
            disabled={!count.data || count.data.changes === 0}
            data-testid="revert-confirm"
            onClick={() => void run()}
          >
            {count.data
              ? t('history.revert.confirmCount', { amount: amount(count.data) })
              : t('history.revert.confirm')}
          </Button>
        </>
      }
    >
      <p aria-live="polite">{question(target, count.data)}</p>
      {count.error ? <Notice tone="err">{errorText(count.error)}</Notice> : null}
      {failure ? <Notice tone="err">{failure}</Notice> : null}
    </Dialog>
  );
}

function amount({ changes, atLeast }: Counted): string {
  if (atLeast) return t('history.revert.moreThan', { count: formatCount(changes) });
  return t('history.changes', { count: changes });
}

function question(target: RevertTarget, counted: Counted | undefined): string {
  if (!counted) return t('history.revert.counting');
  const who = target.kind === 'person' ? target.name : t('history.revert.thisRun');
  if (counted.changes === 0) return t('history.revert.none', { who });
  return t('history.revert.question', { who, amount: amount(counted) });
}

function tell(reverted: number, kept: number): void {
  toast({
    tone: 'ok',
    title: t('history.revert.done', { count: reverted }),
    ...(kept > 0 && { detail: t('history.revert.kept', { count: kept }) }),
  });
}
