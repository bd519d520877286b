import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type MessageKey, t } from '@/i18n/i18n';
import { type ExportFormat, exportFormats, jobErrorText } from '@/net/api';
import { errorText } from '@/net/http';
import { exportContentUrl, startExport } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Checkbox } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { Select } from '@/ui/Select';
import { followDownload } from '../assets/saveText';
import { JobProgress } from '../jobs/JobProgress';
import { useJob } from '../jobs/useJob';

const formatInfo: Record<ExportFormat, { label: MessageKey; note: MessageKey }> = {
  coco: {
    label: 'transfer.export.coco',
    note: 'transfer.export.cocoNote',
  },
  yolo: {
    label: 'transfer.export.yolo',
    note: 'transfer.export.yoloNote',
  },
  'yolo-seg': {
    label: 'transfer.export.yoloSeg',
    note: 'transfer.export.yoloSegNote',
  },
};

export interface ExportDialogProps {
  projectId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Of these images alone. */
  assetIds?: readonly string[];
  /** Awaited before the export starts, so that unsaved work is part of it. */
  beforeExport?: () => Promise<void>;
}

export function ExportDialog(props: ExportDialogProps) {
  return props.open ? <ExportForm {...props} /> : null;
}

/** One button does it all: it starts the export, waits for it, and hands over the file. */
function ExportForm({ projectId, open, onOpenChange, assetIds, beforeExport }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('coco');
  const [images, setImages] = useState(false);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const { job, lost } = useJob(jobId);
  const handedOver = useRef<string | null>(null);
  const state = job?.state;
  const waiting =
    starting || (jobId !== null && !lost && (!state || state === 'queued' || state === 'running'));
  const done = state === 'succeeded';

  useEffect(() => {
    if (!jobId || !done || handedOver.current === jobId) return;
    handedOver.current = jobId;
    followDownload(exportContentUrl(jobId));
  }, [jobId, done]);

  const choose = (change: () => void) => {
    change();
    setJobId(null);
    setFailure(null);
  };
  const start = async () => {
    setFailure(null);
    setJobId(null);
    setStarting(true);
    try {
      await beforeExport?.();
      const accepted = await startExport(projectId, { format, images, asset_ids: assetIds });
      setJobId(accepted.job_id);
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setStarting(false);
    }
  };
  const problem =
    failure ??
    lost ??
    (state === 'failed' && job ? (jobErrorText(job) ?? t('transfer.itFailed')) : null);

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      testId="export-dialog"
      title={
        assetIds
          ? t('transfer.export.titleSome', { count: assetIds.length })
          : t('transfer.export.title')
      }
      description={t('transfer.export.about')}
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            {t('transfer.close')}
          </Button>
          <Button
            variant="primary"
            icon={<Download />}
            busy={waiting}
            data-testid="download-export"
            onClick={() => {
              if (done && jobId) followDownload(exportContentUrl(jobId));
              else void start();
            }}
          >
            {t(
              waiting
                ? 'transfer.export.preparing'
                : done
                  ? 'transfer.export.again'
                  : 'transfer.export.download',
            )}
          </Button>
        </>
      }
    >
      <Field label={t('transfer.format')} hint={t(formatInfo[format].note)}>
        {(control) => (
          <Select
            {...control}
            data-testid="export-format"
            value={format}
            disabled={waiting}
            onChange={(event) => choose(() => setFormat(event.target.value as ExportFormat))}
            options={exportFormats.map((value) => ({ value, label: t(formatInfo[value].label) }))}
          />
        )}
      </Field>
      <Checkbox
        label={t('transfer.export.images')}
        hint={t('transfer.export.imagesHint')}
        checked={images}
        disabled={waiting}
        data-testid="export-images"
        onChange={(event) => choose(() => setImages(event.target.checked))}
      />
      {jobId && !problem ? <JobProgress job={job} label={t('transfer.export.job')} /> : null}
      {done ? <Notice tone="ok">{t('transfer.export.started')}</Notice> : null}
      {state === 'cancelled' ? <Notice tone="warn">{t('transfer.export.cancelled')}</Notice> : null}
      {problem ? (
        <Notice tone="err" title={t('transfer.export.failed')}>
          {problem}
        </Notice>
      ) : null}
    </Dialog>
  );
}
