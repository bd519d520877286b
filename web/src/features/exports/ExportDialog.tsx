import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
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

const formatInfo: Record<ExportFormat, { label: string; note: string }> = {
  coco: {
    label: 'COCO (JSON)',
    note: 'Boxes, polygons, masks and keypoints with their scores. Nothing is lost.',
  },
  yolo: {
    label: 'YOLO detection (text files)',
    note: 'One text file of boxes an image. Outlines, attributes and scores are left out.',
  },
  'yolo-seg': {
    label: 'YOLO segmentation (text files)',
    note: 'One text file of outlines an image. Holes, attributes and scores are left out.',
  },
};

export interface ExportDialogProps {
  projectId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Awaited before the export starts, so that unsaved work is part of it. */
  beforeExport?: () => Promise<void>;
}

export function ExportDialog(props: ExportDialogProps) {
  return props.open ? <ExportForm {...props} /> : null;
}

/** One button does it all: it starts the export, waits for it, and hands over the file. */
function ExportForm({ projectId, open, onOpenChange, beforeExport }: ExportDialogProps) {
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
      const accepted = await startExport(projectId, { format, images });
      setJobId(accepted.job_id);
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setStarting(false);
    }
  };
  const problem =
    failure ?? lost ?? (state === 'failed' && job ? (jobErrorText(job) ?? 'It failed.') : null);

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      testId="export-dialog"
      title="Export annotations"
      description="Accepted and hand-made objects of the project. Open suggestions are left out."
      footer={
        <>
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            Close
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
            {waiting ? 'Preparing' : done ? 'Download again' : 'Download'}
          </Button>
        </>
      }
    >
      <Field label="Format" hint={formatInfo[format].note}>
        {(control) => (
          <Select
            {...control}
            data-testid="export-format"
            value={format}
            disabled={waiting}
            onChange={(event) => choose(() => setFormat(event.target.value as ExportFormat))}
            options={exportFormats.map((value) => ({ value, label: formatInfo[value].label }))}
          />
        )}
      </Field>
      <Checkbox
        label="Include the images"
        hint="The download becomes a zip, upright images and annotations together."
        checked={images}
        disabled={waiting}
        data-testid="export-images"
        onChange={(event) => choose(() => setImages(event.target.checked))}
      />
      {jobId && !problem ? <JobProgress job={job} label="Export" /> : null}
      {done ? <Notice tone="ok">The download has started.</Notice> : null}
      {state === 'cancelled' ? <Notice tone="warn">The export was cancelled.</Notice> : null}
      {problem ? (
        <Notice tone="err" title="The export did not finish">
          {problem}
        </Notice>
      ) : null}
    </Dialog>
  );
}
