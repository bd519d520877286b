import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { cardText, t } from '@/i18n/i18n';
import type { Model } from '@/net/api';
import { ApiError, errorText } from '@/net/http';
import { deleteModel } from '@/net/routes';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { formatBytes } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { meQuery } from '../auth/queries';
import { NotFound } from '../shell/NotFound';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { BenchmarkPanel } from './BenchmarkPanel';
import { InstallModel } from './InstallModel';
import { LicenceBadge, ModelBadges } from './ModelCard';
import { canBeTried, isCopyleft, isUsable, isWebAddress, modelName, taskName } from './modelText';
import { modelQuery } from './queries';
import { TryModel } from './TryModel';
import './models.css';

export function ModelPage() {
  const { modelId } = useParams({ from: '/_app/models/$modelId' });
  const model = useQuery(modelQuery(modelId));
  const me = useQuery(meQuery);
  usePageTitle(model.data ? modelName(model.data) : t('models.one'));
  if (model.error instanceof ApiError && model.error.status === 404) return <NotFound />;
  if (model.isError) {
    return (
      <ErrorState
        title={t('models.oneFailed')}
        detail={errorText(model.error)}
        onRetry={() => void model.refetch()}
      />
    );
  }
  if (!model.data) {
    return (
      <Delayed>
        <Skeleton height={320} />
      </Delayed>
    );
  }
  const manages = me.data?.permissions.includes('model_write') ?? false;
  return <Loaded model={model.data} manages={manages} />;
}

function Loaded({ model, manages }: { model: Model; manages: boolean }) {
  const ready = isUsable(model);
  const mine = model.kind === 'own' || model.kind === 'remote';
  return (
    <>
      <PageHeader
        back={{ to: '/models', label: t('models.title') }}
        title={modelName(model)}
        description={
          <div className="row">
            <span>{taskName(model.task)}</span>
            <ModelBadges model={model} />
          </div>
        }
        actions={manages && mine ? <RemoveModel model={model} /> : null}
      />
      <div className="stack">
        {model.verified === false ? (
          <Notice tone="warn" title={t('models.badges.unproven')}>
            {t('models.page.unprovenText')}
          </Notice>
        ) : null}
        {model.licence && isCopyleft(model.licence) ? (
          <Notice tone="warn" title={t('models.page.licensed', { licence: model.licence })}>
            {t('models.page.licensedText')}
          </Notice>
        ) : null}
        {!ready && manages ? (
          <section className="card model-section">
            <h2 className="h3">{t('models.page.notHere')}</h2>
            <InstallModel model={model} />
          </section>
        ) : null}
        {ready && canBeTried(model) ? <TryModel model={model} /> : null}
        <About model={model} />
        {ready && model.kind !== 'remote' && model.kind !== 'pipeline' ? (
          <BenchmarkPanel model={model} canMeasure={manages} />
        ) : null}
      </div>
    </>
  );
}

function RemoveModel({ model }: { model: Model }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteModel(model.id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['models'] });
      void navigate({ to: '/models' });
    },
    onError: (error) => {
      toast({ tone: 'err', title: t('models.page.removeFailed'), detail: errorText(error) });
    },
  });
  return (
    <Button
      variant="ghost"
      icon={<Trash2 />}
      busy={remove.isPending}
      onClick={() => {
        if (window.confirm(t('models.page.removeAsk', { name: modelName(model) }))) remove.mutate();
      }}
    >
      {t('models.page.remove')}
    </Button>
  );
}

function About({ model }: { model: Model }) {
  const labels = model.labels ?? [];
  return (
    <section className="card model-section" aria-label={t('models.page.about')}>
      <h2 className="h3">{t('models.page.about')}</h2>
      {model.good_for ? <p>{cardText(model.good_for)}</p> : null}
      {model.description ? <p className="model-note">{cardText(model.description)}</p> : null}
      <dl className="model-facts">
        <Fact term={t('models.page.family')}>{model.family}</Fact>
        <Fact term={t('models.licence')}>
          {model.licence ? <LicenceBadge licence={model.licence} /> : null}
        </Fact>
        <Fact term={t('models.page.outputs')}>{model.outputs?.join(', ')}</Fact>
        <Fact term={t('models.page.version')}>{model.version}</Fact>
        <Fact term={t('models.page.source')}>{model.source}</Fact>
        <Fact term={t('models.page.size')}>
          {model.size_bytes ? formatBytes(model.size_bytes) : null}
        </Fact>
        <Fact term={t('models.page.paper')}>{model.paper}</Fact>
        <Fact term={t('models.page.website')}>
          {model.homepage && isWebAddress(model.homepage) ? (
            <a href={model.homepage} target="_blank" rel="noreferrer">
              {new URL(model.homepage).host}
            </a>
          ) : null}
        </Fact>
      </dl>
      {model.steps && model.steps.length > 0 ? (
        <ol className="model-steps">
          {model.steps.map((step, index) => (
            <li key={index}>
              <Link to="/models/$modelId" params={{ modelId: step }}>
                {step}
              </Link>
            </li>
          ))}
        </ol>
      ) : null}
      {labels.length > 0 ? (
        <details>
          <summary>{t('models.classes', { count: labels.length })}</summary>
          <div className="chips">
            {labels.slice(0, 1000).map((label, index) => (
              <span key={index} className="chip">
                <span className="truncate">{label}</span>
              </span>
            ))}
          </div>
        </details>
      ) : null}
      {model.files && model.files.length > 0 ? (
        <details>
          <summary>{t('models.page.files')}</summary>
          <ul className="model-files">
            {model.files.map((file) => (
              <li key={file.file}>
                <code>{file.file}</code> {formatBytes(file.size_bytes)}
                <code className="muted">{file.sha256}</code>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
