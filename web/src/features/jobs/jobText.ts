import { type MessageKey, t } from '@/i18n/i18n';
import type { Job, JobState } from '@/net/api';
import type { Tone } from '@/ui/Badge';

/** What jobs do, as people tell them apart. */
export const jobSorts = ['preannotation', 'export', 'import', 'index', 'model'] as const;
export type JobSort = (typeof jobSorts)[number] | 'other';

const sorts: Record<string, JobSort> = {
  preannotate: 'preannotation',
  preannotation: 'preannotation',
  prelabel: 'preannotation',
  export: 'export',
  import: 'import',
  embed: 'index',
  embeddings: 'index',
  index: 'index',
  model: 'model',
  models: 'model',
  install: 'model',
  benchmark: 'model',
};

export function jobSort(job: Job): JobSort {
  const kind = job.kind ?? '';
  return sorts[kind] ?? sorts[kind.split(/[._]/)[0] ?? ''] ?? 'other';
}

const names: Partial<Record<JobSort, MessageKey>> = {
  preannotation: 'jobs.kinds.preannotation',
  export: 'jobs.kinds.export',
  import: 'jobs.kinds.import',
  index: 'jobs.kinds.index',
};

const modelNames: Record<string, MessageKey> = {
  install: 'jobs.kinds.install',
  benchmark: 'jobs.kinds.benchmark',
};

export function jobKindName(job: Job): string {
  if (!job.kind) return t('jobs.kinds.other');
  const known = names[jobSort(job)];
  if (known) return t(known);
  const model = Object.entries(modelNames).find(([word]) => job.kind?.includes(word));
  if (model) return t(model[1]);
  const words = job.kind.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function isPreannotation(job: Job): boolean {
  return jobSort(job) === 'preannotation';
}

export const stateBadges: Record<JobState, { text: MessageKey; tone?: Tone }> = {
  queued: { text: 'jobs.states.queued' },
  running: { text: 'jobs.states.running', tone: 'accent' },
  succeeded: { text: 'jobs.states.succeeded', tone: 'ok' },
  failed: { text: 'jobs.states.failed', tone: 'err' },
  cancelled: { text: 'jobs.states.cancelled', tone: 'warn' },
};
