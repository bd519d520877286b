import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Job } from '@/net/api';
import { preferences } from '@/net/preferences';
import type { Mention } from '@/net/threads';
import { meQuery } from '../auth/queries';
import { mentionsQuery } from '../comments/queries';
import { jobsQuery } from '../jobs/queries';
import { endedJobs, type NewsChoice } from './news';

export const newsKinds = ['mentions', 'finished', 'failed'] as const;

function choiceOf(kind: keyof NewsChoice): boolean {
  return preferences.get<unknown>(`notifications.${kind}`, true) !== false;
}

export function useNewsChoice(): NewsChoice {
  const mentions = useSyncExternalStore(preferences.subscribe, () => choiceOf('mentions'));
  const finished = useSyncExternalStore(preferences.subscribe, () => choiceOf('finished'));
  const failed = useSyncExternalStore(preferences.subscribe, () => choiceOf('failed'));
  return { mentions, finished, failed };
}

export interface News {
  mentions: readonly Mention[];
  jobs: readonly Job[];
  isError: boolean;
}

export function useNews(): News {
  const choice = useNewsChoice();
  const seenAt = useSyncExternalStore(preferences.subscribe, () =>
    preferences.get('notifications.seenAt', ''),
  );
  const me = useQuery(meQuery);
  const mentions = useQuery(mentionsQuery);
  const jobs = useQuery(jobsQuery());
  const userId = me.data?.user.id ?? '';
  return {
    mentions: choice.mentions ? (mentions.data ?? []) : [],
    jobs: endedJobs(jobs.data?.items ?? [], userId, seenAt, choice, Date.now()),
    isError: mentions.isError || jobs.isError,
  };
}

/** Jobs that ended up to now are known. */
export function markJobsSeen(): void {
  preferences.set('notifications.seenAt', new Date().toISOString());
}
