import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Sparkles } from 'lucide-react';
import { useEffect } from 'react';
import { t } from '@/i18n/i18n';
import { jobIsOver } from '@/net/api';
import { errorText } from '@/net/http';
import { cancelJob } from '@/net/routes';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/Toast';
import { JobProgress } from '../jobs/JobProgress';
import { isPreannotation } from '../jobs/jobText';
import { jobsQuery } from '../jobs/queries';
import { useJob } from '../jobs/useJob';
import { useRunningJobs } from './runningJobs';

/** The project's pre-annotation while it runs, also one that was started elsewhere. */
export function PreannotationProgress({ projectId }: { projectId: string }) {
  const queryClient = useQueryClient();
  const { byProject, follow, forget } = useRunningJobs();
  const jobId = byProject[projectId] ?? null;
  const { job, lost } = useJob(jobId);
  const jobs = useQuery(jobsQuery(projectId));
  const elsewhere = jobs.data?.items.find(
    (one) => isPreannotation(one) && !jobIsOver(one.state),
  )?.id;
  const state = job?.state;
  const done = job?.progress?.done ?? 0;

  useEffect(() => {
    if (!jobId && elsewhere) follow(projectId, elsewhere);
  }, [jobId, elsewhere, projectId, follow]);

  // Counts and badges follow along, in steps: each step reloads the gallery.
  const step = Math.floor(done / 10);
  useEffect(() => {
    if (!jobId) return;
    void queryClient.invalidateQueries({ queryKey: ['assets', projectId] });
    void queryClient.invalidateQueries({ queryKey: ['project', projectId] });
  }, [jobId, step, state, projectId, queryClient]);

  useEffect(() => {
    if (state !== 'succeeded') return;
    toast({
      tone: 'ok',
      title: t('preannotate.done'),
      detail: t('preannotate.doneHint'),
    });
    void queryClient.invalidateQueries({ queryKey: ['jobs'] }).then(() => forget(projectId));
  }, [state, projectId, forget, queryClient]);

  if (!jobId || state === 'succeeded') return null;
  const over = state !== undefined && jobIsOver(state);
  const cancel = () =>
    cancelJob(jobId).catch((error: unknown) => {
      toast({ tone: 'err', title: t('preannotate.notCancelled'), detail: errorText(error) });
    });
  const dismiss = () => {
    void queryClient.invalidateQueries({ queryKey: ['jobs'] }).then(() => forget(projectId));
  };
  return (
    <section
      className="card run"
      aria-label={t('preannotate.run')}
      data-testid="preannotation-progress"
    >
      <div className="run-head">
        <Sparkles aria-hidden="true" />
        <strong>{t('preannotate.run')}</strong>
        {over || lost ? (
          <Button size="s" variant="ghost" onClick={dismiss}>
            {t('preannotate.dismiss')}
          </Button>
        ) : (
          <Button size="s" variant="ghost" onClick={() => void cancel()}>
            {t('preannotate.cancel')}
          </Button>
        )}
      </div>
      {lost ? (
        <p className="err">{lost}</p>
      ) : (
        <JobProgress job={job} label={t('preannotate.run')} tone="ai" />
      )}
    </section>
  );
}
