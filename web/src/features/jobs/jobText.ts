import type { Job, JobState } from '@/net/api';
import type { Tone } from '@/ui/Badge';

const kindNames: Record<string, string> = {
  preannotate: 'Pre-annotation',
  preannotation: 'Pre-annotation',
  prelabel: 'Pre-annotation',
  export: 'Export',
  import: 'Import',
  thumbnail: 'Thumbnails',
};

export function jobKindName(job: Job): string {
  if (!job.kind) return 'Job';
  const known = kindNames[job.kind] ?? kindNames[job.kind.split(/[._]/)[0] ?? ''];
  if (known) return known;
  const words = job.kind.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function isPreannotation(job: Job): boolean {
  return jobKindName(job) === 'Pre-annotation';
}

export const stateBadges: Record<JobState, { text: string; tone?: Tone }> = {
  queued: { text: 'Queued' },
  running: { text: 'Running', tone: 'accent' },
  succeeded: { text: 'Done', tone: 'ok' },
  failed: { text: 'Failed', tone: 'err' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
};
