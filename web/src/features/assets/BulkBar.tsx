import { Download, Sparkles, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { formatCount } from '@/ui/format';
import { ExportDialog } from '../exports/ExportDialog';
import { PreannotateDialog } from '../preannotate/PreannotateDialog';
import { DeleteAssetsDialog } from './DeleteAssetsDialog';
import { selectedMax } from './selection';

export interface BulkBarProps {
  projectId: string;
  ids: ReadonlySet<string>;
  total: number;
  onSelectAll: () => void;
  onClear: () => void;
  /** The images are not what they were. */
  onChanged: () => void;
}

/** What can be done with the chosen images. */
export function BulkBar({ projectId, ids, total, onSelectAll, onClear, onChanged }: BulkBarProps) {
  const [open, setOpen] = useState<'delete' | 'export' | 'preannotate' | null>(null);
  const assetIds = [...ids];
  const dialog = (name: Exclude<typeof open, null>) => ({
    projectId,
    assetIds,
    open: open === name,
    onOpenChange: (shown: boolean) => setOpen(shown ? name : null),
  });
  return (
    <div
      className="bulk-bar annotate-glass"
      role="toolbar"
      aria-label={t('gallery.bulk')}
      data-testid="bulk-bar"
    >
      <strong className="num" role="status">
        {t('gallery.selected', { count: ids.size, number: formatCount(ids.size) })}
      </strong>
      {ids.size < Math.min(total, selectedMax) ? (
        <Button size="s" variant="ghost" onClick={onSelectAll}>
          {t(total > selectedMax ? 'gallery.selectFirst' : 'gallery.selectAll', {
            number: formatCount(Math.min(total, selectedMax)),
          })}
        </Button>
      ) : null}
      {ids.size >= selectedMax && total > selectedMax ? (
        <span className="muted">{t('gallery.selectRest', { number: formatCount(total) })}</span>
      ) : null}
      <span className="bulk-space" />
      <Button size="s" variant="ai" icon={<Sparkles />} onClick={() => setOpen('preannotate')}>
        {t('gallery.preannotate')}
      </Button>
      <Button size="s" icon={<Download />} onClick={() => setOpen('export')}>
        {t('gallery.export')}
      </Button>
      <Button
        size="s"
        variant="danger"
        icon={<Trash2 />}
        data-testid="bulk-delete"
        onClick={() => setOpen('delete')}
      >
        {t('gallery.delete')}
      </Button>
      <IconButton label={t('gallery.clearSelection')} icon={<X />} onClick={onClear} />
      <DeleteAssetsDialog {...dialog('delete')} onDeleted={onChanged} />
      <ExportDialog {...dialog('export')} />
      <PreannotateDialog {...dialog('preannotate')} />
    </div>
  );
}
