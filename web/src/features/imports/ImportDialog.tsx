import { useQueryClient } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type MessageKey, t } from '@/i18n/i18n';
import { type ExportFormat, type JobAccepted, exportFormats, jobErrorText } from '@/net/api';
import { errorText } from '@/net/http';
import { postForm } from '@/net/postForm';
import { importsPath } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { formatCount } from '@/ui/format';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { ProgressRow } from '@/ui/Progress';
import { Select } from '@/ui/Select';
import { JobProgress } from '../jobs/JobProgress';
import { useJob } from '../jobs/useJob';
import { readImportResult } from './importResult';
import './imports.css';

const formatLabel: Record<ExportFormat, MessageKey> = {
  coco: 'transfer.import.coco',
  yolo: 'transfer.import.yolo',
  'yolo-seg': 'transfer.import.yoloSeg',
};

export interface ImportDialogProps {
  projectId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function ImportDialog(props: ImportDialogProps) {
  return props.open ? <ImportForm {...props} /> : null;
}

function ImportForm({ projectId, open, onOpenChange }: ImportDialogProps) {
  const queryClient = useQueryClient();
  const [format, setFormat] = useState<ExportFormat>('coco');
  const [file, setFile] = useState<File | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const { job, lost } = useJob(jobId);
  const state = job?.state;
  const uploading = sent !== null && !jobId;
  const running = jobId !== null && !lost && (!state || state === 'queued' || state === 'running');
  const result = state === 'succeeded' ? readImportResult(job?.result) : null;

  useEffect(() => {
    if (state !== 'succeeded') return;
    for (const key of ['project', 'assets']) {
      void queryClient.invalidateQueries({ queryKey: [key, projectId] });
    }
  }, [state, projectId, queryClient]);

  const start = async () => {
    if (!file) {
      setFailure(t('transfer.import.chooseFirst'));
      return;
    }
    setFailure(null);
    setJobId(null);
    setSent(0);
    try {
      const form = new FormData();
      form.append('format', format);
      form.append('file', file, file.name);
      const options = { onProgress: setSent };
      const accepted = await postForm<JobAccepted>(importsPath(projectId), form, options);
      setJobId(accepted.job_id);
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setSent(null);
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
      locked={uploading}
      title={t('transfer.import.title')}
      description={t('transfer.import.about')}
      footer={
        <>
          <Button variant="ghost" disabled={uploading} onClick={() => onOpenChange(false)}>
            {t(result ? 'transfer.import.done' : 'transfer.close')}
          </Button>
          {result ? null : (
            <Button
              variant="primary"
              icon={<Upload />}
              busy={uploading || running}
              data-testid="start-import"
              onClick={() => void start()}
            >
              {t('transfer.import.start')}
            </Button>
          )}
        </>
      }
    >
      <Field label={t('transfer.format')}>
        {(control) => (
          <Select
            {...control}
            value={format}
            disabled={uploading || running}
            data-testid="import-format"
            onChange={(event) => setFormat(event.target.value as ExportFormat)}
            options={exportFormats.map((value) => ({ value, label: t(formatLabel[value]) }))}
          />
        )}
      </Field>
      <Field label={t('transfer.import.file')}>
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".json,.zip,application/json,application/zip"
            className="file-input"
            data-testid="import-file"
            disabled={uploading || running}
            onChange={(event) => {
              setFile(event.target.files?.[0] ?? null);
              setFailure(null);
              setJobId(null);
            }}
          />
        )}
      </Field>
      {uploading ? (
        <ProgressRow
          label={t('transfer.import.upload')}
          text={t('transfer.import.uploading')}
          value={sent ?? 0}
        />
      ) : null}
      {jobId && !problem ? <JobProgress job={job} label={t('transfer.import.job')} /> : null}
      {result ? (
        <Notice
          tone={result.problems.length > 0 ? 'warn' : 'ok'}
          title={t('transfer.import.imported', {
            count: result.imported,
            number: formatCount(result.imported),
          })}
        >
          {result.skipped > 0
            ? t('transfer.import.skipped', {
                count: result.skipped,
                number: formatCount(result.skipped),
              })
            : null}
        </Notice>
      ) : null}
      {result && result.problems.length > 0 ? (
        <ul className="import-problems" aria-label={t('transfer.import.problems')}>
          {result.problems.slice(0, 200).map((entry, index) => (
            <li key={index}>
              <span className="mono">{entry.where}</span>
              <span>{entry.detail}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {problem ? (
        <Notice tone="err" title={t('transfer.import.failed')}>
          {problem}
        </Notice>
      ) : null}
    </Dialog>
  );
}
