import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type JobAccepted, jobErrorText } from '@/net/api';
import { errorText } from '@/net/http';
import { postForm } from '@/net/postForm';
import { modelsPath } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { ProgressRow } from '@/ui/Progress';
import { toast } from '@/ui/Toast';
import { JobProgress } from '../jobs/JobProgress';
import { useJob } from '../jobs/useJob';

export interface AddModelDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function AddModelDialog(props: AddModelDialogProps) {
  return props.open ? <AddModelForm {...props} /> : null;
}

function AddModelForm({ open, onOpenChange }: AddModelDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [labels, setLabels] = useState<File | null>(null);
  const [decoder, setDecoder] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [family, setFamily] = useState('');
  const [licence, setLicence] = useState('');
  const [sent, setSent] = useState<number | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const { job, lost } = useJob(jobId);
  const state = job?.state;
  const uploading = sent !== null && !jobId;
  const checking = jobId !== null && !lost && (!state || state === 'queued' || state === 'running');

  useEffect(() => {
    if (state !== 'succeeded') return;
    void client.invalidateQueries({ queryKey: ['models'] });
    toast({ tone: 'ok', title: t('models.add.ready') });
    const made = (job?.result as { model_id?: string } | undefined)?.model_id;
    onOpenChange(false);
    if (made) void navigate({ to: '/models/$modelId', params: { modelId: made } });
  }, [state, job, client, navigate, onOpenChange]);

  const start = async () => {
    if (!file) {
      setFailure(t('models.add.chooseFirst'));
      return;
    }
    const form = new FormData();
    if (name.trim()) form.set('name', name.trim());
    if (family.trim()) form.set('family', family.trim());
    if (licence.trim()) form.set('licence', licence.trim());
    form.set('file', file);
    if (decoder) form.set('decoder', decoder);
    if (labels) form.set('labels', labels);
    setFailure(null);
    setJobId(null);
    setSent(0);
    try {
      const accepted = await postForm<JobAccepted>(modelsPath, form, { onProgress: setSent });
      setJobId(accepted.job_id);
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setSent(null);
    }
  };

  const problem = failure ?? lost ?? (job && state === 'failed' ? jobErrorText(job) : null);
  const busy = uploading || checking;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      locked={busy}
      width={560}
      title={t('models.addOwn')}
      description={t('models.add.about')}
      footer={
        <>
          <Button variant="ghost" disabled={busy} onClick={() => onOpenChange(false)}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="primary"
            icon={<Upload />}
            busy={busy}
            data-testid="start-model-import"
            onClick={() => void start()}
          >
            {t('models.add.start')}
          </Button>
        </>
      }
    >
      <Field label={t('models.add.file')} hint={t('models.add.fileHint')}>
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".onnx,.tflite,.zip"
            data-testid="model-file"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        )}
      </Field>
      <div className="form-pair">
        <Field label={t('models.add.name')} hint={t('models.add.nameHint')}>
          {(control) => (
            <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label={t('models.add.family')} hint={t('models.add.familyHint')}>
          {(control) => (
            <Input
              {...control}
              value={family}
              placeholder={t('models.add.familyExample')}
              onChange={(event) => setFamily(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className="form-pair">
        <Field label={t('models.add.classes')} hint={t('models.add.classesHint')}>
          {(control) => (
            <Input
              {...control}
              type="file"
              accept=".txt,.json,.yaml,.yml,.names"
              onChange={(event) => setLabels(event.target.files?.[0] ?? null)}
            />
          )}
        </Field>
        <Field label={t('models.add.decoder')} hint={t('models.add.decoderHint')}>
          {(control) => (
            <Input
              {...control}
              type="file"
              accept=".onnx"
              onChange={(event) => setDecoder(event.target.files?.[0] ?? null)}
            />
          )}
        </Field>
      </div>
      <Field label={t('models.licence')} hint={t('models.add.licenceHint')}>
        {(control) => (
          <Input
            {...control}
            value={licence}
            onChange={(event) => setLicence(event.target.value)}
          />
        )}
      </Field>
      {problem ? (
        <Notice tone="err" title={t('models.add.failed')} testId="model-problem">
          {problem}
        </Notice>
      ) : null}
      {uploading ? (
        <ProgressRow
          label={t('models.add.upload')}
          text={t('models.add.uploading')}
          value={sent ?? 0}
        />
      ) : null}
      {checking ? <JobProgress job={job} label={t('models.add.checking')} /> : null}
    </Dialog>
  );
}
