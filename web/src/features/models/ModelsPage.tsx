import { useQuery } from '@tanstack/react-query';
import { Cpu, Globe, Search, SearchX, Upload } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Model } from '@/net/api';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatPlural } from '@/ui/format';
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
  usePageTitle('Models');
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
        title="Models"
        description="What draws suggestions and answers clicks. They run on this server."
        actions={
          manages ? (
            <>
              <Button icon={<Globe />} onClick={() => setOpen('remote')}>
                Add a server
              </Button>
              <Button
                variant="primary"
                icon={<Upload />}
                data-testid="add-model"
                onClick={() => setOpen('file')}
              >
                Add your model
              </Button>
            </>
          ) : null
        }
      />
      {models.isPending ? (
        <Delayed>
          <div className="model-grid" aria-label="Loading models">
            {Array.from({ length: 6 }, (_, index) => (
              <Skeleton key={index} height={220} />
            ))}
          </div>
        </Delayed>
      ) : models.isError ? (
        <ErrorState
          title="The models could not be loaded"
          detail={errorText(models.error)}
          onRetry={() => void models.refetch()}
        />
      ) : all?.length === 0 ? (
        <div className="card">
          <EmptyState icon={<Cpu />} title="No models yet">
            An operator brings the default ones with <code>annotateai models pull</code>.
          </EmptyState>
        </div>
      ) : (
        <>
          <Filters filter={filter} onChange={setFilter} count={items.length} />
          {items.length === 0 ? (
            <div className="card">
              <EmptyState
                icon={<SearchX />}
                title="No model is like that"
                actions={<Button onClick={() => setFilter(noFilter)}>Show all</Button>}
              >
                Change what you filter by.
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
        placeholder="Name, task or class"
        aria-label="Find a model"
        data-testid="model-search"
        value={filter.query}
        onChange={(event) => onChange({ ...filter, query: event.target.value })}
      />
      <Segmented
        label="What it looks for"
        value={filter.group}
        options={[
          { value: 'all', label: 'All' },
          ...taskGroups.map(([value, label]) => ({ value, label })),
        ]}
        onChange={(group) => onChange({ ...filter, group })}
      />
      <Select
        aria-label="Installed or not"
        value={filter.state}
        options={[
          { value: 'all', label: 'Installed or not' },
          { value: 'ready', label: 'Installed' },
          { value: 'missing', label: 'Not installed' },
        ]}
        onChange={(event) =>
          onChange({ ...filter, state: event.target.value as ModelFilter['state'] })
        }
      />
      <Select
        aria-label="Licence"
        value={filter.licence}
        options={[
          { value: 'all', label: 'Any licence' },
          { value: 'permissive', label: 'Permissive' },
          { value: 'copyleft', label: 'Copyleft' },
        ]}
        onChange={(event) =>
          onChange({ ...filter, licence: event.target.value as ModelFilter['licence'] })
        }
      />
      <span className="muted num" role="status">
        {formatPlural(count, 'model')}
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
