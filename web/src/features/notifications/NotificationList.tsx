import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CheckCheck, CircleAlert, CircleCheck, ListChecks } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { type Job, jobErrorText } from '@/net/api';
import { type Mention, readMention, readMentions } from '@/net/threads';
import { errorText } from '@/net/http';
import { formatAgo } from '@/ui/format';
import { MenuHead, MenuItem, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/Toast';
import { mentionsQuery } from '../comments/queries';
import { jobKindName } from '../jobs/jobText';
import { projectsQuery } from '../projects/queries';
import { markJobsSeen, type News } from './useNews';

const kWordsMax = 90;

export default function NotificationList({ news }: { news: News }) {
  const { mentions, jobs, isError } = news;
  const read = useReadMention();
  const navigate = useNavigate();
  const readAll = useReadAll(mentions);
  return (
    <>
      {mentions.length + jobs.length === 0 ? (
        <>
          <MenuHead>
            <strong>{t('notifications.title')}</strong>
          </MenuHead>
          <MenuItem disabled>{t(isError ? 'notifications.failed' : 'notifications.none')}</MenuItem>
        </>
      ) : null}
      {mentions.length > 0 ? <Mentions mentions={mentions} read={read} /> : null}
      {jobs.length > 0 ? <Jobs jobs={jobs} /> : null}
      <MenuSeparator />
      {mentions.length + jobs.length > 0 ? (
        <MenuItem icon={<CheckCheck />} testId="read-all" onSelect={readAll}>
          {t('notifications.readAll')}
        </MenuItem>
      ) : null}
      <MenuItem icon={<ListChecks />} onSelect={() => void navigate({ to: '/jobs' })}>
        {t('notifications.allJobs')}
      </MenuItem>
    </>
  );
}

function useReadMention() {
  const client = useQueryClient();
  return (mention: Mention) => {
    client.setQueryData<Mention[]>(mentionsQuery.queryKey, (known) =>
      known?.filter((one) => one.id !== mention.id),
    );
    void readMention(mention.id).finally(() =>
      client.invalidateQueries({ queryKey: mentionsQuery.queryKey }),
    );
  };
}

/** The mentions in one request, newest first as they are, and the jobs. */
function useReadAll(mentions: readonly Mention[]) {
  const client = useQueryClient();
  return () => {
    markJobsSeen();
    const [latest] = mentions;
    if (!latest) return;
    client.setQueryData<Mention[]>(mentionsQuery.queryKey, []);
    void readMentions(latest.id)
      .catch((error: unknown) =>
        toast({ tone: 'err', title: t('notifications.notRead'), detail: errorText(error) }),
      )
      .finally(() => client.invalidateQueries({ queryKey: mentionsQuery.queryKey }));
  };
}

interface MentionsProps {
  mentions: readonly Mention[];
  read: (mention: Mention) => void;
}

/** Choosing one opens its image and thread. */
function Mentions({ mentions, read }: MentionsProps) {
  const navigate = useNavigate();
  const open = (mention: Mention) => {
    read(mention);
    const { project_id: projectId, asset_id: assetId, thread_id: thread } = mention;
    void navigate({
      to: '/projects/$projectId/annotate/$assetId',
      params: { projectId, assetId },
      search: { thread },
    });
  };
  return (
    <>
      <MenuHead>
        <strong>{t('notifications.mentions')}</strong>
      </MenuHead>
      {mentions.map((mention) => (
        <MenuItem key={mention.id} testId="mention" onSelect={() => open(mention)}>
          <span className="news-row">
            <span>
              <strong>{mention.by.name}</strong> <small>{formatAgo(mention.created_at)}</small>
            </span>
            <span className="news-words">{mention.comment.body.slice(0, kWordsMax)}</span>
          </span>
        </MenuItem>
      ))}
    </>
  );
}

/** Choosing one opens its project. */
function Jobs({ jobs }: { jobs: readonly Job[] }) {
  const navigate = useNavigate();
  const projects = useInfiniteQuery(projectsQuery);
  const names = new Map(
    projects.data?.pages.flatMap((page) => page.items.map((item) => [item.id, item.name] as const)),
  );
  const open = (job: Job) => {
    markJobsSeen();
    const { project_id: projectId } = job;
    if (!projectId) return void navigate({ to: '/jobs' });
    void navigate({ to: '/projects/$projectId', params: { projectId }, search: {} });
  };
  return (
    <>
      <MenuHead>
        <strong>{t('notifications.work')}</strong>
      </MenuHead>
      {jobs.map((job) => (
        <MenuItem
          key={job.id}
          testId="finished-job"
          icon={job.state === 'failed' ? <CircleAlert /> : <CircleCheck />}
          onSelect={() => open(job)}
        >
          <span className="news-row">
            <span>
              {jobNews(job, names.get(job.project_id ?? ''))}{' '}
              <small>{formatAgo(job.finished_at ?? '')}</small>
            </span>
            {job.state === 'failed' ? (
              <span className="news-words">{jobErrorText(job)}</span>
            ) : null}
          </span>
        </MenuItem>
      ))}
    </>
  );
}

function jobNews(job: Job, project: string | undefined): string {
  const what = jobKindName(job);
  const failed = job.state === 'failed';
  if (!project) return t(failed ? 'notifications.broken' : 'notifications.done', { what });
  const values = { what, project };
  return t(failed ? 'notifications.brokenIn' : 'notifications.doneIn', values);
}
