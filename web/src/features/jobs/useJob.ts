import { useEffect, useState } from 'react';
import type { Job } from '@/net/api';
import { errorText } from '@/net/http';
import { watchJob } from '@/net/jobWatch';

export interface FollowedJob {
  job: Job | null;
  /** Set when the server stopped answering; the job itself may still go on. */
  lost: string | null;
}

const nothing: FollowedJob = { job: null, lost: null };

/** Follows a job live; `jobId` null follows nothing. */
export function useJob(jobId: string | null): FollowedJob {
  const [followed, setFollowed] = useState<FollowedJob>(nothing);
  useEffect(() => {
    setFollowed(nothing);
    if (!jobId) return;
    return watchJob(
      jobId,
      (job) => setFollowed({ job, lost: null }),
      (error) => setFollowed((before) => ({ ...before, lost: errorText(error) })),
    );
  }, [jobId]);
  return followed;
}
