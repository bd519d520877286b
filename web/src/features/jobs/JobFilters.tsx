import { type MessageKey, t } from '@/i18n/i18n';
import type { JobState } from '@/net/api';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { type JobFilter, jobStates } from './jobFilter';
import { type JobSort, jobSorts, stateBadges } from './jobText';

const kindNames: Record<(typeof jobSorts)[number], MessageKey> = {
  preannotation: 'jobs.kinds.preannotation',
  export: 'jobs.kinds.export',
  import: 'jobs.kinds.import',
  index: 'jobs.kinds.index',
  model: 'jobs.kinds.model',
};

export interface JobFiltersProps {
  filter: JobFilter;
  onChange: (filter: JobFilter) => void;
}

export function JobFilters({ filter, onChange }: JobFiltersProps) {
  const states = jobStates.map((value) => ({ value, label: t(stateBadges[value].text) }));
  const kinds = jobSorts.map((value) => ({ value, label: t(kindNames[value]) }));
  return (
    <div className="jobs-filters" role="group" aria-label={t('jobs.filters')}>
      <Segmented
        label={t('jobs.whose')}
        value={filter.mine ? 'mine' : 'all'}
        options={[
          { value: 'all', label: t('jobs.everyone') },
          { value: 'mine', label: t('jobs.mine') },
        ]}
        onChange={(whose) => onChange({ ...filter, mine: whose === 'mine' ? true : undefined })}
      />
      <Select
        aria-label={t('jobs.state')}
        data-testid="job-state"
        value={filter.state ?? ''}
        options={[{ value: '', label: t('jobs.anyState') }, ...states]}
        onChange={(event) =>
          onChange({ ...filter, state: (event.target.value as JobState) || undefined })
        }
      />
      <Select
        aria-label={t('jobs.kind')}
        data-testid="job-kind"
        value={filter.kind ?? ''}
        options={[{ value: '', label: t('jobs.anyKind') }, ...kinds]}
        onChange={(event) =>
          onChange({ ...filter, kind: (event.target.value as JobSort) || undefined })
        }
      />
    </div>
  );
}
