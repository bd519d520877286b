import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FolderOpen, Images, Plus, Search, SearchX, Shapes, Sparkles } from 'lucide-react';
import { useMemo } from 'react';
import { t } from '@/i18n/i18n';
import { type Project, type ProjectType, projectTypes } from '@/net/api';
import { errorText } from '@/net/http';
import { buttonClass, Button } from '@/ui/Button';
import { Swatch } from '@/ui/Badge';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatAgo, formatCount } from '@/ui/format';
import { Input } from '@/ui/Input';
import { Select } from '@/ui/Select';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { filterProjects } from './filterProjects';
import { DemoButton } from './DemoButton';
import { ProjectCover } from './ProjectCover';
import { ProjectProgress } from './ProjectProgress';
import { projectTypeInfo } from './projectTypes';
import { projectsQuery } from './queries';
import './projects.css';

export function ProjectsPage() {
  usePageTitle(t('projects.title'));
  const search = useSearch({ from: '/_app/projects' });
  const navigate = useNavigate();
  const projects = useInfiniteQuery(projectsQuery);
  const all = useMemo(
    () => projects.data?.pages.flatMap((page) => page.items) ?? [],
    [projects.data],
  );
  const shown = useMemo(() => filterProjects(all, search), [all, search]);
  const setSearch = (change: { q?: string; type?: ProjectType }) =>
    void navigate({ to: '/projects', search: { ...search, ...change }, replace: true });

  return (
    <>
      <PageHeader
        title={t('projects.title')}
        description={t('projects.about')}
        actions={<NewProjectLink />}
      />
      {all.length > 0 ? (
        <div className="filters">
          <Input
            type="search"
            aria-label={t('projects.search')}
            placeholder={t('projects.searchHint')}
            icon={<Search aria-hidden="true" />}
            value={search.q ?? ''}
            onChange={(event) => setSearch({ q: event.target.value || undefined })}
          />
          <Select
            aria-label={t('projects.typeFilter')}
            value={search.type ?? ''}
            onChange={(event) =>
              setSearch({ type: (event.target.value || undefined) as ProjectType })
            }
          >
            <option value="">{t('projects.allTypes')}</option>
            {projectTypes.map((type) => (
              <option key={type} value={type}>
                {t(projectTypeInfo[type].label)}
              </option>
            ))}
          </Select>
        </div>
      ) : null}
      {projects.isPending ? (
        <Delayed>
          <div className="project-grid" aria-label={t('projects.loading')}>
            {Array.from({ length: 8 }, (_, index) => (
              <div className="card project-card" key={index}>
                <Skeleton height={120} />
                <Skeleton height={18} width="70%" />
                <Skeleton height={14} width="45%" />
                <Skeleton height={14} width="90%" />
              </div>
            ))}
          </div>
        </Delayed>
      ) : projects.isError && all.length === 0 ? (
        <ErrorState
          title={t('projects.failed')}
          detail={errorText(projects.error)}
          onRetry={() => void projects.refetch()}
        />
      ) : all.length === 0 ? (
        <div className="card">
          <EmptyState
            icon={<FolderOpen />}
            title={t('projects.none')}
            actions={
              <>
                <NewProjectLink />
                <DemoButton />
              </>
            }
          >
            {t('projects.noneHint')}
          </EmptyState>
        </div>
      ) : shown.length === 0 ? (
        <EmptyState
          icon={<SearchX />}
          title={t('projects.noMatch')}
          actions={
            <Button onClick={() => setSearch({ q: undefined, type: undefined })}>
              {t('gallery.clearFilters')}
            </Button>
          }
        >
          {t('projects.noMatchHint')}
        </EmptyState>
      ) : (
        <ul className="project-grid">
          {shown.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </ul>
      )}
      {projects.hasNextPage ? (
        <div className="more">
          <Button busy={projects.isFetchingNextPage} onClick={() => void projects.fetchNextPage()}>
            {t('projects.showMore')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function NewProjectLink() {
  return (
    <Link to="/projects/new" className={buttonClass('primary')}>
      <Plus aria-hidden="true" />
      {t('projects.new')}
    </Link>
  );
}

const labelsShownMax = 4;

function ProjectCard({ project }: { project: Project }) {
  const info = projectTypeInfo[project.type];
  const labels = project.labels ?? [];
  const counts = project.counts;
  const time = project.updated_at ?? project.created_at;
  return (
    <li className="card project-card" data-testid="project-card">
      <ProjectCover project={project} icon={info?.icon} />
      <div>
        <h2 className="h3 truncate">
          <Link
            to="/projects/$projectId"
            params={{ projectId: project.id }}
            search={{}}
            className="card-link"
          >
            {project.name}
          </Link>
        </h2>
        <p className="muted project-line">
          <span>{info ? t(info.label) : project.type}</span>
          {time ? <span>{formatAgo(time)}</span> : null}
        </p>
      </div>
      <div className="chips">
        {labels.slice(0, labelsShownMax).map((label) => (
          <span key={label.id} className="chip">
            <Swatch color={label.color} />
            <span className="truncate">{label.name}</span>
          </span>
        ))}
        {labels.length > labelsShownMax ? (
          <span className="chip muted">+{formatCount(labels.length - labelsShownMax)}</span>
        ) : null}
        {labels.length === 0 ? <span className="muted">{t('projects.noLabels')}</span> : null}
      </div>
      <ProjectProgress project={project} />
      <div className="project-stats num">
        {counts?.assets !== undefined ? (
          <span>
            <Images aria-hidden="true" />
            {t('gallery.count', { count: counts.assets, number: formatCount(counts.assets) })}
          </span>
        ) : null}
        {counts?.annotations !== undefined ? (
          <span>
            <Shapes aria-hidden="true" />
            {t('gallery.objects', {
              count: counts.annotations,
              number: formatCount(counts.annotations),
            })}
          </span>
        ) : null}
        {counts?.suggestions_pending ? (
          <span className="ai">
            <Sparkles aria-hidden="true" />
            {t('projects.toReview', { number: formatCount(counts.suggestions_pending) })}
          </span>
        ) : null}
      </div>
    </li>
  );
}
