import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '@/i18n/i18n';
import { jobErrorText } from '@/net/api';
import { errorText } from '@/net/http';
import { startEmbeddings } from '@/net/routes';
import { Button } from '@/ui/Button';
import { formatCount } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { JobProgress } from '../jobs/JobProgress';
import { useJob } from '../jobs/useJob';
import { embeddingsQuery } from './queries';

/** Says how many images can be compared, and offers to look at the rest. */
export function IndexNotice({ projectId }: { projectId: string }) {
  const client = useQueryClient();
  const state = useQuery(embeddingsQuery(projectId));
  const [jobId, setJobId] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { job, lost } = useJob(jobId);
  const jobState = job?.state;
  useEffect(() => {
    if (jobState !== 'succeeded') return;
    for (const key of ['embeddings', 'search', 'duplicates', 'queue']) {
      void client.invalidateQueries({ queryKey: [key, projectId] });
    }
  }, [jobState, client, projectId]);
  const start = async () => {
    setFailure(null);
    try {
      setJobId((await startEmbeddings(projectId)).job_id);
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  const running =
    jobId !== null && !lost && (!jobState || jobState === 'queued' || jobState === 'running');
  const problem = failure ?? lost ?? (job && jobState === 'failed' ? jobErrorText(job) : null);
  if (problem) return <Notice tone="err">{problem}</Notice>;
  if (running) return <JobProgress job={job} label={t('discover.looking')} tone="ai" />;
  const { indexed = 0, total = 0 } = state.data ?? {};
  if (!state.data || total === 0 || indexed >= total) return null;
  return (
    <div className="card discover-index">
      <Fingerprint aria-hidden="true" />
      <span>
        {indexed === 0
          ? t('discover.lookFirst')
          : t('discover.comparable', { number: formatCount(indexed), total: formatCount(total) })}
      </span>
      <Button size="s" variant="ai" data-testid="index-images" onClick={() => void start()}>
        {t(indexed === 0 ? 'discover.lookAll' : 'discover.lookRest')}
      </Button>
    </div>
  );
}
