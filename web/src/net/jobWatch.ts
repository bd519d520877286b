/**
 * Follows one job to its end: server-sent events while they flow, polling when they do not.
 * Each change calls `onJob` with the whole job as known; after the last one nothing more comes.
 */
import { type Job, type JobProgress, type JobState, jobIsOver } from './api';
import { getJob, jobEventsUrl } from './routes';

export interface JobEventStream {
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

export interface JobWatchPorts {
  openStream: (url: string) => JobEventStream;
  loadJob: (jobId: string) => Promise<Job>;
  pollMs: number;
}

const browserPorts: JobWatchPorts = {
  openStream: (url) => new EventSource(url) as unknown as JobEventStream,
  loadJob: (jobId) => getJob(jobId),
  pollMs: 1500,
};

const states: readonly string[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];

export function watchJob(
  jobId: string,
  onJob: (job: Job) => void,
  onLost: (error: unknown) => void = () => {},
  ports: JobWatchPorts = browserPorts,
): () => void {
  let job: Job = { id: jobId, state: 'queued' };
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let stream: JobEventStream | undefined;

  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    stream?.close();
  };
  const show = (next: Job) => {
    if (stopped) return;
    job = next;
    onJob(job);
    if (jobIsOver(job.state)) stop();
  };
  const load = async () => {
    try {
      const loaded = await ports.loadJob(jobId);
      failures = 0;
      show(loaded);
    } catch (error) {
      failures += 1;
      if (failures >= 5 && !stopped) {
        stop();
        onLost(error);
      }
    }
  };
  const poll = () => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => void load().then(poll), ports.pollMs);
  };
  const merge = (data: unknown) => {
    const change = readChange(data);
    if (!change || stopped) return;
    // The closing event may lack the result; the job itself has it.
    if (change.state && jobIsOver(change.state)) void load().then(poll);
    else show({ ...job, ...change });
  };

  try {
    stream = ports.openStream(jobEventsUrl(jobId));
    stream.addEventListener('progress', (event) => merge(event.data));
    stream.addEventListener('state', (event) => merge(event.data));
    stream.addEventListener('error', poll);
  } catch {
    poll();
  }
  void load();
  return stop;
}

/** Reads the data of either event, whole jobs and bare parts alike. */
export function readChange(data: unknown): Partial<Job> | null {
  let value: unknown = data;
  if (typeof data === 'string') {
    if (states.includes(data)) return { state: data as JobState };
    try {
      value = JSON.parse(data);
    } catch {
      return null;
    }
  }
  if (typeof value === 'string' && states.includes(value)) return { state: value as JobState };
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  const change: Partial<Job> = {};
  if (typeof fields.state === 'string' && states.includes(fields.state)) {
    change.state = fields.state as JobState;
  }
  const progress = readProgress(fields.progress ?? fields);
  if (progress) change.progress = progress;
  return change.state || change.progress ? change : null;
}

function readProgress(value: unknown): JobProgress | null {
  if (typeof value !== 'object' || value === null) return null;
  const { done, total, unit } = value as Record<string, unknown>;
  if (typeof done !== 'number' || typeof total !== 'number') return null;
  return { done, total, unit: typeof unit === 'string' ? unit : undefined };
}
