import { useQuery } from '@tanstack/react-query';
import { Cpu, MousePointerClick, Scale, ScanSearch } from 'lucide-react';
import type { Model } from '@/net/api';
import { errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatBytes, formatPlural } from '@/ui/format';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import {
  isCopyleft,
  isSegmenter,
  isUsable,
  isWebAddress,
  modelName,
  stateBadge,
  taskName,
} from './modelText';
import { modelsQuery } from './queries';
import './models.css';

export function ModelsPage() {
  usePageTitle('Models');
  const models = useQuery(modelsQuery);
  const items = readyFirst(models.data?.items ?? []);
  return (
    <>
      <PageHeader
        title="Models"
        description="What draws suggestions and answers clicks. All of them run on this server."
      />
      {models.isPending ? (
        <Delayed>
          <div className="model-grid" aria-label="Loading models">
            {Array.from({ length: 3 }, (_, index) => (
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
      ) : items.length === 0 ? (
        <div className="card">
          <EmptyState icon={<Cpu />} title="No models yet">
            An operator brings the default ones with <code>annotateai models pull</code>.
          </EmptyState>
        </div>
      ) : (
        <ul className="model-grid">
          {items.map((model) => (
            <ModelCard key={model.id} model={model} />
          ))}
        </ul>
      )}
    </>
  );
}

function readyFirst(models: readonly Model[]): Model[] {
  return [...models].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(model: Model): number {
  return model.is_default ? 0 : isUsable(model) ? 1 : 2;
}

const labelsShownMax = 8;

function ModelCard({ model }: { model: Model }) {
  const state = stateBadge(model);
  const labels = model.labels ?? [];
  return (
    <li className="card model-card" data-testid="model-card">
      <div className="model-top">
        <span className="icon-tile" aria-hidden="true">
          {isSegmenter(model) ? <MousePointerClick /> : <ScanSearch />}
        </span>
        <span className="row">
          {model.is_default ? <Badge tone="accent">Default</Badge> : null}
          <Badge tone={state.tone}>{state.text}</Badge>
        </span>
      </div>
      <div>
        <h2 className="h3">{modelName(model)}</h2>
        <p className="muted">{taskName(model.task)}</p>
      </div>
      {model.description ? <p className="model-note">{model.description}</p> : null}
      {labels.length > 0 ? (
        <div className="chips" title={labels.join(', ')}>
          {labels.slice(0, labelsShownMax).map((label) => (
            <span key={label} className="chip">
              <span className="truncate">{label}</span>
            </span>
          ))}
          {labels.length > labelsShownMax ? (
            <span className="chip muted">
              {formatPlural(labels.length - labelsShownMax, 'more class', 'more classes')}
            </span>
          ) : null}
        </div>
      ) : (
        <p className="model-note">
          {isSegmenter(model) ? 'Outlines whatever you click on, of any class.' : null}
        </p>
      )}
      {isUsable(model) ? null : (
        <p className="model-note">
          An operator brings it with <code>script/fetch_models {model.id}</code>.
        </p>
      )}
      <dl className="model-facts">
        {model.family ? (
          <div>
            <dt>Family</dt>
            <dd>{model.family}</dd>
          </div>
        ) : null}
        {model.size_bytes ? (
          <div>
            <dt>Size</dt>
            <dd className="num">{formatBytes(model.size_bytes)}</dd>
          </div>
        ) : null}
        {isWebAddress(model.homepage) ? (
          <div>
            <dt>From</dt>
            <dd>
              <a href={model.homepage} target="_blank" rel="noreferrer">
                Website
              </a>
            </dd>
          </div>
        ) : null}
        {model.licence ? (
          <div>
            <dt>Licence</dt>
            <dd>
              <Badge icon={<Scale />} tone={isCopyleft(model.licence) ? 'warn' : undefined}>
                {model.licence}
              </Badge>
            </dd>
          </div>
        ) : null}
      </dl>
    </li>
  );
}
