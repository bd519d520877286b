import { Link } from '@tanstack/react-router';
import {
  BoxSelect,
  FileText,
  Globe,
  Image,
  MousePointerClick,
  PersonStanding,
  Scale,
  ScanSearch,
  Workflow,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { cardText, t } from '@/i18n/i18n';
import type { Model } from '@/net/api';
import { Badge } from '@/ui/Badge';
import { formatBytes } from '@/ui/format';
import { InstallModel } from './InstallModel';
import {
  isCopyleft,
  isSegmenter,
  isUsable,
  modelName,
  stateBadge,
  taskGroup,
  taskName,
  type TaskGroup,
} from './modelText';

const groupIcons: Record<TaskGroup, ReactNode> = {
  objects: <ScanSearch />,
  masks: <BoxSelect />,
  people: <PersonStanding />,
  text: <FileText />,
  image: <Image />,
};

export function ModelIcon({ model }: { model: Model }) {
  let icon = groupIcons[taskGroup(model.task)];
  if (model.kind === 'pipeline' || model.family === 'pipeline') icon = <Workflow />;
  if (model.kind === 'remote') icon = <Globe />;
  if (isSegmenter(model)) icon = <MousePointerClick />;
  return (
    <span className="icon-tile" aria-hidden="true">
      {icon}
    </span>
  );
}

export function ModelBadges({ model }: { model: Model }) {
  const state = stateBadge(model);
  return (
    <span className="row model-badges">
      {model.is_default ? <Badge tone="accent">{t('models.badges.default')}</Badge> : null}
      {model.kind === 'own' ? <Badge>{t('models.badges.own')}</Badge> : null}
      {model.kind === 'remote' ? <Badge>{t('models.badges.remote')}</Badge> : null}
      {model.verified === false ? <Badge tone="warn">{t('models.badges.unproven')}</Badge> : null}
      <Badge tone={state.tone}>{state.text}</Badge>
    </span>
  );
}

export function LicenceBadge({ licence }: { licence: string }) {
  const copyleft = isCopyleft(licence);
  return (
    <Badge icon={<Scale />} tone={copyleft ? 'warn' : undefined}>
      {licence}
      {copyleft ? <span className="visually-hidden">{t('models.demands')}</span> : null}
    </Badge>
  );
}

export function ModelCard({ model, canInstall }: { model: Model; canInstall: boolean }) {
  const labels = model.labels ?? [];
  return (
    <li className="card model-card" data-testid="model-card" data-model={model.id}>
      <div className="model-top">
        <ModelIcon model={model} />
        <ModelBadges model={model} />
      </div>
      <div>
        <h2 className="h3">
          <Link to="/models/$modelId" params={{ modelId: model.id }} className="model-link">
            {modelName(model)}
          </Link>
        </h2>
        <p className="muted">{taskName(model.task)}</p>
      </div>
      <p className="model-note">{cardText(model.good_for ?? model.description ?? '')}</p>
      <div className="model-foot">
        {model.licence ? <LicenceBadge licence={model.licence} /> : null}
        {model.size_bytes ? <Badge>{formatBytes(model.size_bytes)}</Badge> : null}
        {labels.length > 1 ? (
          <span title={labels.slice(0, 60).join(', ')}>
            <Badge>{t('models.classes', { count: labels.length })}</Badge>
          </span>
        ) : null}
      </div>
      {isUsable(model) || !canInstall ? null : <InstallModel model={model} />}
    </li>
  );
}
