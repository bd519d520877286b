import { useQuery } from '@tanstack/react-query';
import { Cpu, Globe, Search, SearchX, Upload } from 'lucide-react';
import { useMemo, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Model } from '@/net/api';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Input } from '@/ui/Input';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { meQuery } from '../auth/queries';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { AddModelDialog } from './AddModelDialog';
import { AddRemoteDialog } from './AddRemoteDialog';
import { ModelCard } from './ModelCard';
import {
  type ModelFilter,
  isProposer,
  isSegmenter,
  isUsable,
  matchesFilter,
  noFilter,
  taskGroups,
} from './modelText';
import { modelsQuery } from './queries';
import './models.css';

export function ModelsPage() {
  usePageTitle(t('models.title'));
  const models = useQuery(modelsQuery);
  const me = useQuery(meQuery);
  const [filter, setFilter] = useState(noFilter);
  const [open, setOpen] = useState<'file' | 'remote' | null>(null);
  const all = models.data?.items;
  const items = useMemo(
    () => readyFirst((all ?? []).filter((model) => matchesFilter(model, filter))),
    [all, filter],
  );
  const manages = me.data?.permissions.includes('model_write') ?? false;
  return (
    <>
      <PageHeader
        title={t('models.title')}
        description={t('models.about')}
        actions={
          manages ? (
            <>
              <Button icon={<Globe />} onClick={() => setOpen('remote')}>
                {t('models.addServer')}
              </Button>
              <Button
                variant="primary"
                icon={<Upload />}
                data-testid="add-model"
                onClick={() => setOpen('file')}
              >
                {t('models.addOwn')}
              </Button>
            </>
          ) : null
        }
      />
      {models.isPending ? (
        <Delayed>
          <div className="model-grid" aria-label={t('models.loading')}>
            {Array.from({ length: 6 }, (_, index) => (
              <Skeleton key={index} height={220} />
            ))}
          </div>
        </Delayed>
      ) : models.isError ? (
        <ErrorState
          title={t('models.failed')}
          detail={errorText(models.error)}
          onRetry={() => void models.refetch()}
        />
      ) : all?.length === 0 ? (
        <div className="card">
          <EmptyState icon={<Cpu />} title={t('models.none')}>
            {t('models.noneText')} <code>annotateai models pull</code>
          </EmptyState>
        </div>
      ) : (
        <>
          <Filters filter={filter} onChange={setFilter} count={items.length} />
          {items.length === 0 ? (
            <div className="card">
              <EmptyState
                icon={<SearchX />}
                title={t('models.noMatch')}
                actions={<Button onClick={() => setFilter(noFilter)}>{t('models.showAll')}</Button>}
              >
                {t('models.noMatchText')}
              </EmptyState>
            </div>
          ) : (
            <ul className="model-grid">
              {items.map((model) => (
                <ModelCard key={model.id} model={model} canInstall={manages} />
              ))}
            </ul>
          )}
        </>
      )}
      <AddModelDialog
        open={open === 'file'}
        onOpenChange={(shown) => setOpen(shown ? 'file' : null)}
      />
      <AddRemoteDialog
        open={open === 'remote'}
        onOpenChange={(shown) => setOpen(shown ? 'remote' : null)}
      />
    </>
  );
}

interface FiltersProps {
  filter: ModelFilter;
  onChange: (filter: ModelFilter) => void;
  count: number;
}

function Filters({ filter, onChange, count }: FiltersProps) {
  return (
    <div className="model-filters" role="search">
      <Input
        icon={<Search aria-hidden="true" />}
        type="search"
        placeholder={t('models.searchHint')}
        aria-label={t('models.search')}
        data-testid="model-search"
        value={filter.query}
        onChange={(event) => onChange({ ...filter, query: event.target.value })}
      />
      <Segmented
        label={t('models.looksFor')}
        value={filter.group}
        options={[
          { value: 'all', label: t('models.all') },
          ...taskGroups.map((value) => ({ value, label: t(`models.groups.${value}`) })),
        ]}
        onChange={(group) => onChange({ ...filter, group })}
      />
      <Select
        aria-label={t('models.anyState')}
        value={filter.state}
        options={[
          { value: 'all', label: t('models.anyState') },
          { value: 'ready', label: t('models.installed') },
          { value: 'missing', label: t('models.missing') },
        ]}
        onChange={(event) =>
          onChange({ ...filter, state: event.target.value as ModelFilter['state'] })
        }
      />
      <Select
        aria-label={t('models.licence')}
        value={filter.licence}
        options={[
          { value: 'all', label: t('models.anyLicence') },
          { value: 'permissive', label: t('models.permissive') },
          { value: 'copyleft', label: t('models.copyleft') },
        ]}
        onChange={(event) =>
          onChange({ ...filter, licence: event.target.value as ModelFilter['licence'] })
        }
      />
      <span className="muted num" role="status">
        {t('models.count', { count })}
      </span>
    </div>
  );
}

function readyFirst(models: readonly Model[]): Model[] {
  return [...models].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(model: Model): number {
  if (!isUsable(model)) return 4;
  // What answers a whole picture first; steps of pipelines and what needs a crop later.
  if (model.kind === 'pipeline') return 0;
  if (isProposer(model) || isSegmenter(model)) return model.is_default ? 1 : 2;
  return 3;
}
