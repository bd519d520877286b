import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { deleteAssets } from '@/net/galleryRoutes';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { formatCount } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { ProgressRow } from '@/ui/Progress';
import { toast } from '@/ui/Toast';

const kAtOnce = 500;

export interface DeleteAssetsDialogProps {
  projectId: string;
  assetIds: readonly string[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDeleted: () => void;
}

export function DeleteAssetsDialog(props: DeleteAssetsDialogProps) {
  return props.open ? <DeleteForm {...props} /> : null;
}

function DeleteForm({
  projectId,
  assetIds,
  open,
  onOpenChange,
  onDeleted,
}: DeleteAssetsDialogProps) {
  const [done, setDone] = useState<number | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const count = assetIds.length;
  const values = { count, number: formatCount(count) };
  const remove = async () => {
    setFailure(null);
    setDone(0);
    try {
      for (let at = 0; at < count; at += kAtOnce) {
        await deleteAssets(projectId, assetIds.slice(at, at + kAtOnce));
        setDone(Math.min(count, at + kAtOnce));
      }
      toast({ tone: 'ok', title: t('gallery.deleted', values) });
      onOpenChange(false);
      onDeleted();
    } catch (error) {
      setFailure(errorText(error));
      setDone(null);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      locked={done !== null}
      title={t('gallery.deleteTitle', values)}
      description={t('gallery.deleteAbout')}
      footer={
        <>
          <Button variant="ghost" disabled={done !== null} onClick={() => onOpenChange(false)}>
            {t('gallery.keep')}
          </Button>
          <Button
            variant="danger"
            busy={done !== null}
            data-testid="confirm-delete"
            onClick={() => void remove()}
          >
            {t('gallery.delete')}
          </Button>
        </>
      }
    >
      {done !== null ? (
        <ProgressRow
          label={t('gallery.delete')}
          text={t('gallery.deleting')}
          value={done / count}
          detail={`${formatCount(done)} / ${formatCount(count)}`}
        />
      ) : null}
      {failure ? <Notice tone="err">{failure}</Notice> : null}
    </Dialog>
  );
}
