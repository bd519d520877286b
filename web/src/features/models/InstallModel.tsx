import { useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Model, jobErrorText } from '@/net/api';
import { errorText } from '@/net/http';
import { cancelJob, installModel } from '@/net/routes';
import { Button } from '@/ui/Button';
import { formatBytes } from '@/ui/format';
import { ProgressRow } from '@/ui/Progress';
import { toast } from '@/ui/Toast';
import { jobShare } from '../jobs/JobProgress';
import { useJob } from '../jobs/useJob';
import { modelName } from './modelText';

/** Brings a model's weights to the server, and says how far it is. */
export function InstallModel({ model }: { model: Model }) {
  const client = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { job, lost } = useJob(jobId);
  const state = job?.state;
  const running = jobId !== null && !lost && (!state || state === 'queued' || state === 'running');

  useEffect(() => {
    if (state !== 'succeeded') return;
    toast({ tone: 'ok', title: t('models.install.done', { name: modelName(model) }) });
    void client.invalidateQueries({ queryKey: ['models'] });
  }, [state, client, model]);

  const start = async () => {
    setStarting(true);
    setFailure(null);
    setJobId(null);
    try {
      setJobId((await installModel(model.id)).job_id);
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setStarting(false);
    }
  };

  const problem = failure ?? lost ?? (job && state === 'failed' ? jobErrorText(job) : null);
  if (running) {
    const { done = 0, total = 0 } = job?.progress ?? {};
    return (
      <div className="model-install">
        <ProgressRow
          label={t('models.install.label', { name: modelName(model) })}
          text={t('models.install.running')}
          detail={
            total > 0 ? t('common.of', { done: formatBytes(done), total: formatBytes(total) }) : ''
          }
          value={jobShare(job)}
        />
        <Button size="s" variant="ghost" onClick={() => void cancelJob(jobId)}>
          {t('common.cancel')}
        </Button>
      </div>
    );
  }
  return (
    <div className="model-install">
      {problem ? (
        <p className="err" role="alert">
          {problem}
        </p>
      ) : null}
      <Button
        size="s"
        icon={<Download />}
        busy={starting}
        data-testid="install-model"
        onClick={() => void start()}
      >
        {t('models.install.start')}
      </Button>
    </div>
  );
}
