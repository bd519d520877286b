import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { useCallback, useState, useSyncExternalStore } from 'react';
import { t } from '@/i18n/i18n';
import type { Asset } from '@/net/api';
import { listAssetsAt } from '@/net/galleryRoutes';
import { errorText } from '@/net/http';
import { preferences } from '@/net/preferences';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { formatCount } from '@/ui/format';
import { toast } from '@/ui/Toast';
import { BulkBar } from './BulkBar';
import { GalleryGrid } from './GalleryGrid';
import { GalleryToolbar } from './GalleryToolbar';
import { type GallerySearch, galleryQuery, gallerySearch, isFiltered } from './gallerySearch';
import { tileSizes } from './gridLayout';
import { Histogram } from './Histogram';
import { nothingSelected, rangeOf, selectedMax, toggled, withAll } from './selection';
import { useAssetPages } from './useAssetPages';
import './gallery.css';

const kTile = 'gallery.tile';
const kPage = 200;

export interface GalleryProps {
  projectId: string;
  search: GallerySearch;
}

export function Gallery({ projectId, search }: GalleryProps) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { start, pages, total } = useAssetPages(projectId, search);
  const tile = useSyncExternalStore(preferences.subscribe, () =>
    preferences.get(kTile, tileSizes.usual),
  );
  const [selection, setSelection] = useState(nothingSelected);
  const [histogram, setHistogram] = useState(false);
  const change = (next: GallerySearch) => {
    setSelection(nothingSelected);
    void navigate({
      to: '/projects/$projectId',
      params: { projectId },
      search: gallerySearch({ ...search, ...next }),
      replace: true,
      resetScroll: false,
    });
  };

  const selectFrom = useCallback(
    async (first: number, last: number) => {
      const until = Math.min(last, first + selectedMax - 1);
      if (until < last)
        toast({ tone: 'info', title: t('gallery.selectMax', { max: formatCount(selectedMax) }) });
      const query = galleryQuery(search);
      for (let at = first; at <= until; at += kPage) {
        const limit = Math.min(kPage, until - at + 1);
        const known = Array.from({ length: limit }, (_, index) => pages.at(at + index));
        const items = known.every((asset) => asset !== undefined)
          ? (known as Asset[])
          : (await listAssetsAt(projectId, query, at, limit)).items;
        setSelection((old) =>
          withAll(
            old,
            items.map((asset) => asset.id),
          ),
        );
      }
    },
    [pages, projectId, search],
  );
  const select = useCallback(
    (asset: Asset, position: number, range: boolean) => {
      if (range && selection.from !== null) {
        selectFrom(...rangeOf(selection.from, position)).catch(tellFailure);
      } else {
        setSelection((old) => toggled(old, asset.id, position));
      }
    },
    [selection.from, selectFrom],
  );
  const done = () => {
    setSelection(nothingSelected);
    for (const key of ['assets', 'project']) {
      void client.invalidateQueries({ queryKey: [key, projectId] });
    }
  };

  return (
    <div className="stack gallery-view">
      <GalleryToolbar
        projectId={projectId}
        search={search}
        total={start.data?.total}
        tile={tile}
        histogram={histogram}
        onHistogram={setHistogram}
        onChange={change}
        onTile={(size) => preferences.set(kTile, size)}
      />
      {histogram ? (
        <Histogram
          projectId={projectId}
          label={search.label}
          onLabel={(label) => change({ label })}
        />
      ) : null}
      {start.isPending ? (
        <GallerySkeleton />
      ) : start.isError && !start.data ? (
        <ErrorState
          title={t('gallery.failed')}
          detail={errorText(start.error)}
          onRetry={() => void start.refetch()}
        />
      ) : total === 0 ? (
        <NothingFound
          filtered={isFiltered(search)}
          onClear={() =>
            void navigate({ to: '/projects/$projectId', params: { projectId }, search: {} })
          }
        />
      ) : (
        <GalleryGrid
          projectId={projectId}
          search={search}
          pages={pages}
          total={total}
          tile={tile}
          selection={selection}
          onSelect={select}
          onSelectAll={() => void selectFrom(0, total - 1).catch(tellFailure)}
          onClear={() => setSelection(nothingSelected)}
        />
      )}
      {selection.ids.size > 0 ? (
        <BulkBar
          projectId={projectId}
          ids={selection.ids}
          total={total}
          onSelectAll={() => void selectFrom(0, total - 1).catch(tellFailure)}
          onClear={() => setSelection(nothingSelected)}
          onChanged={done}
        />
      ) : null}
    </div>
  );
}

function tellFailure(error: unknown): void {
  toast({ tone: 'err', title: t('gallery.selectFailed'), detail: errorText(error) });
}

function NothingFound({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered) return null;
  return (
    <div className="card">
      <EmptyState
        icon={<SearchX />}
        title={t('gallery.nothing')}
        actions={<Button onClick={onClear}>{t('gallery.clearFilters')}</Button>}
      >
        {t('gallery.nothingHint')}
      </EmptyState>
    </div>
  );
}

function GallerySkeleton() {
  return (
    <Delayed>
      <div className="gallery-skeleton" role="status" aria-label={t('gallery.loading')}>
        {Array.from({ length: 12 }, (_, index) => (
          <Skeleton key={index} height={180} />
        ))}
      </div>
    </Delayed>
  );
}
