import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Download, Ellipsis, Pencil, SquarePen, Sparkles, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { ApiError, errorText } from '@/net/http';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { formatCount } from '@/ui/format';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { Skeleton } from '@/ui/Skeleton';
import { UploadPanel } from '../assets/UploadPanel';
import type { GallerySearch } from '../assets/gallerySearch';
import { assetsQuery } from '../assets/queries';
import { useUploads } from '../assets/uploads';
import { ImageViews } from '../discover/ImageViews';
import type { ImageView } from '../discover/imageViewNames';
import { ExportDialog } from '../exports/ExportDialog';
import { ImportDialog } from '../imports/ImportDialog';
import { PreannotateDialog } from '../preannotate/PreannotateDialog';
import { PreannotationProgress } from '../preannotate/PreannotationProgress';
import { NotFound } from '../shell/NotFound';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { DeleteProjectDialog } from './DeleteProjectDialog';
import { LabelsPanel } from './LabelsPanel';
import { RenameDialog } from './RenameDialog';
import { type ProjectTypeInfo, projectTypeInfo } from './projectTypes';
import { projectQuery } from './queries';
import './project.css';

type OpenDialog = 'export' | 'import' | 'preannotate' | 'rename' | 'delete' | null;

export function ProjectPage() {
  const { projectId } = useParams({ from: '/_app/projects/$projectId' });
  const { tab, view, like, ...filters } = useSearch({ from: '/_app/projects/$projectId' });
  const project = useQuery(projectQuery(projectId));
  const [open, setOpen] = useState<OpenDialog>(null);
  const dialog = (name: Exclude<OpenDialog, null>) => ({
    open: open === name,
    onOpenChange: (shown: boolean) => setOpen(shown ? name : null),
  });
  usePageTitle(project.data?.name ?? t('projects.one'));

  if (project.error instanceof ApiError && project.error.status === 404) return <NotFound />;
  if (project.isError && !project.data) {
    return (
      <ErrorState
        title={t('projects.oneFailed')}
        detail={errorText(project.error)}
        onRetry={() => void project.refetch()}
      />
    );
  }
  return (
    <>
      <PageHeader
        back={{ to: '/projects', label: t('projects.title') }}
        title={project.data?.name ?? <Skeleton height={32} width={260} />}
        description={<ProjectFacts projectId={projectId} />}
        actions={
          <>
            <ProjectMenu onOpen={setOpen} />
            <Button icon={<Upload />} data-testid="import-button" onClick={() => setOpen('import')}>
              {t('projects.import')}
            </Button>
            <Button
              icon={<Download />}
              data-testid="export-button"
              onClick={() => setOpen('export')}
            >
              {t('gallery.export')}
            </Button>
            <Button
              variant="ai"
              icon={<Sparkles />}
              data-testid="preannotate-button"
              onClick={() => setOpen('preannotate')}
            >
              {t('gallery.preannotate')}
            </Button>
            <AnnotateButton projectId={projectId} />
          </>
        }
      />
      <nav className="tabs" aria-label={t('projects.parts')}>
        <Tab projectId={projectId} tab={undefined} current={tab !== 'labels'}>
          {t('gallery.images')}
          {project.data?.counts?.assets ? (
            <span className="num">{formatCount(project.data.counts.assets)}</span>
          ) : null}
        </Tab>
        <Tab projectId={projectId} tab="labels">
          {t('projects.labels.tab')}
          {project.data ? (
            <span className="num">{formatCount(project.data.labels.length)}</span>
          ) : null}
        </Tab>
      </nav>
      <PreannotationProgress projectId={projectId} />
      {tab === 'labels' ? (
        project.data ? (
          <LabelsPanel key={projectId} project={project.data} />
        ) : (
          <Skeleton height={240} />
        )
      ) : (
        <ImagesTab projectId={projectId} view={view ?? 'all'} like={like} search={filters} />
      )}
      <ExportDialog projectId={projectId} {...dialog('export')} />
      <ImportDialog projectId={projectId} {...dialog('import')} />
      <PreannotateDialog projectId={projectId} {...dialog('preannotate')} />
      {project.data ? (
        <>
          <RenameDialog project={project.data} {...dialog('rename')} />
          <DeleteProjectDialog project={project.data} {...dialog('delete')} />
        </>
      ) : null}
    </>
  );
}

interface ImagesTabProps {
  projectId: string;
  view: ImageView;
  like?: string;
  search: GallerySearch;
}

function ImagesTab({ projectId, view, like, search }: ImagesTabProps) {
  const assets = useInfiniteQuery(assetsQuery(projectId));
  const empty = assets.data?.pages[0]?.items.length === 0;
  return (
    <div className="stack">
      <UploadPanel projectId={projectId} large={empty} />
      {empty ? null : <ImageViews projectId={projectId} view={view} like={like} search={search} />}
    </div>
  );
}

interface TabProps {
  projectId: string;
  tab: 'labels' | undefined;
  /** Of a tab with views of its own, which the address names too. */
  current?: boolean;
  children: React.ReactNode;
}

function Tab({ projectId, tab, current, children }: TabProps) {
  return (
    <Link
      to="/projects/$projectId"
      params={{ projectId }}
      search={{ tab }}
      className="tab"
      activeOptions={{ exact: true }}
      aria-current={current ? 'page' : undefined}
    >
      {children}
    </Link>
  );
}

function ProjectFacts({ projectId }: { projectId: string }) {
  const { data } = useQuery(projectQuery(projectId));
  if (!data) return <Skeleton height={22} width={320} />;
  const pending = data.counts?.suggestions_pending ?? 0;
  const objects = data.counts?.annotations;
  const type = projectTypeInfo[data.type] as ProjectTypeInfo | undefined;
  return (
    <div className="row">
      <Badge icon={type?.icon}>{type ? t(type.label) : data.type}</Badge>
      {objects !== undefined ? (
        <Badge>{t('gallery.objects', { count: objects, number: formatCount(objects) })}</Badge>
      ) : null}
      {pending > 0 ? (
        <Badge tone="ai" icon={<Sparkles />}>
          {t('gallery.toReview', { count: pending, number: formatCount(pending) })}
        </Badge>
      ) : null}
    </div>
  );
}

/** Opens what was just uploaded, else the first image that waits for work. */
function AnnotateButton({ projectId }: { projectId: string }) {
  const navigate = useNavigate();
  const uploads = useUploads(projectId);
  const assets = useInfiniteQuery(assetsQuery(projectId));
  const first = assets.data?.pages[0]?.items.find((asset) => asset.status !== 'failed');
  const assetId = uploads.firstAssetId ?? first?.id;
  return (
    <Button
      variant="primary"
      icon={<SquarePen />}
      data-testid="annotate-button"
      disabled={!assetId}
      onClick={() => {
        if (!assetId) return;
        void navigate({
          to: '/projects/$projectId/annotate/$assetId',
          params: { projectId, assetId },
        });
      }}
    >
      {t('projects.annotate')}
    </Button>
  );
}

function ProjectMenu({ onOpen }: { onOpen: (dialog: OpenDialog) => void }) {
  return (
    <Menu
      label={t('projects.moreActions')}
      trigger={<IconButton variant="ghost" label={t('projects.moreActions')} icon={<Ellipsis />} />}
    >
      <MenuItem icon={<Pencil />} onSelect={() => onOpen('rename')}>
        {t('projects.rename.save')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem danger icon={<Trash2 />} onSelect={() => onOpen('delete')}>
        {t('projects.delete.confirm')}
      </MenuItem>
    </Menu>
  );
}
