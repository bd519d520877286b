import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ImageOff, ScanSearch, Shapes, Sparkles, TriangleAlert } from 'lucide-react';
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Asset } from '@/net/api';
import { errorText } from '@/net/http';
import { thumbnailUrl } from '@/net/routes';
import { ErrorState } from '@/ui/EmptyState';
import { formatCount } from '@/ui/format';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { assetsQuery, isUnfinished } from './queries';
import './gallery.css';

const cellWidthMin = 196;
// Two columns on a phone.
const narrowCellWidthMin = 150;
const narrowWidthMax = 600;
const gap = 12;
const captionHeight = 44;

export function Gallery({ projectId }: { projectId: string }) {
  const assets = useInfiniteQuery(assetsQuery(projectId));
  const items = useMemo(
    () => assets.data?.pages.flatMap((page) => page.items) ?? [],
    [assets.data],
  );
  const hostRef = useRef<HTMLDivElement>(null);
  const { width, top } = useHostBox(hostRef, items.length > 0);

  const cellMin = width < narrowWidthMax ? narrowCellWidthMin : cellWidthMin;
  const columns = Math.max(1, Math.floor((width + gap) / (cellMin + gap)));
  const cellWidth = (width - gap * (columns - 1)) / columns;
  const rowHeight = Math.round(cellWidth * 0.72) + captionHeight + gap;
  const rows = Math.ceil(items.length / columns);
  const virtual = useWindowVirtualizer({
    count: rows,
    estimateSize: () => rowHeight,
    overscan: 4,
    scrollMargin: top,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  const visible = virtual.getVirtualItems();
  const lastRow = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = assets;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && rows > 0 && lastRow >= rows - 3) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastRow, rows]);

  if (assets.isPending) return <GallerySkeleton />;
  if (assets.isError && items.length === 0) {
    return (
      <ErrorState
        title="The images could not be loaded"
        detail={errorText(assets.error)}
        onRetry={() => void assets.refetch()}
      />
    );
  }
  if (items.length === 0) return null;
  return (
    <div
      ref={hostRef}
      className="gallery"
      role="list"
      aria-label="Images"
      style={{ height: virtual.getTotalSize() - gap }}
    >
      {width > 0
        ? visible.map((row) => (
            <div
              key={row.key}
              className="gallery-row"
              role="presentation"
              style={{
                transform: `translateY(${row.start - top}px)`,
                gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
                height: rowHeight - gap,
              }}
            >
              {items.slice(row.index * columns, (row.index + 1) * columns).map((asset, column) => (
                <AssetCard
                  key={asset.id}
                  projectId={projectId}
                  asset={asset}
                  position={row.index * columns + column + 1}
                  total={hasNextPage ? -1 : items.length}
                />
              ))}
            </div>
          ))
        : null}
    </div>
  );
}

interface HostBox {
  width: number;
  /** Of the gallery, from the top of the document. */
  top: number;
}

function useHostBox(ref: RefObject<HTMLDivElement | null>, mounted: boolean): HostBox {
  const [box, setBox] = useState<HostBox>({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const host = ref.current;
    if (!host || !mounted) return;
    const measure = () => {
      const rect = host.getBoundingClientRect();
      const next = { width: host.clientWidth, top: Math.round(rect.top + window.scrollY) };
      setBox((old) => (old.width === next.width && old.top === next.top ? old : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    // The height of what stands above moves the gallery without resizing it.
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [ref, mounted]);
  return box;
}

interface AssetCardProps {
  projectId: string;
  asset: Asset;
  position: number;
  total: number;
}

function AssetCard({ projectId, asset, position, total }: AssetCardProps) {
  const [broken, setBroken] = useState(false);
  const processing = isUnfinished(asset.status);
  const failed = asset.status === 'failed' || asset.status === 'error';
  const annotations = asset.annotation_count ?? 0;
  const suggestions = asset.suggestion_count ?? 0;
  return (
    <div
      className="asset"
      role="listitem"
      aria-posinset={position}
      aria-setsize={total}
      data-testid="asset-card"
    >
      <div className="asset-image">
        {processing ? (
          <span className="spinner" role="img" aria-label="Processing" />
        ) : broken || failed ? (
          <ImageOff aria-hidden="true" />
        ) : (
          <img
            src={thumbnailUrl(asset)}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
            onError={() => setBroken(true)}
          />
        )}
        {suggestions > 0 ? (
          <span
            className="asset-badge ai"
            title={`${formatCount(suggestions)} suggestions to review`}
          >
            <Sparkles aria-hidden="true" />
            <span className="num">{formatCount(suggestions)}</span>
            <span className="visually-hidden">suggestions to review</span>
          </span>
        ) : null}
        {processing || failed ? null : (
          <Link
            to="/projects/$projectId"
            params={{ projectId }}
            search={{ view: 'similar', like: asset.id }}
            className="btn btn-secondary btn-s btn-icon asset-similar"
            aria-label={`Find images like ${asset.filename}`}
            title="Find similar"
            data-testid="find-similar"
          >
            <ScanSearch aria-hidden="true" />
          </Link>
        )}
      </div>
      <div className="asset-caption">
        <Link
          to="/projects/$projectId/annotate/$assetId"
          params={{ projectId, assetId: asset.id }}
          className="asset-link truncate"
          title={asset.filename}
        >
          {asset.filename}
        </Link>
        {failed ? (
          <span className="err" title="This image could not be read">
            <TriangleAlert aria-hidden="true" />
            <span className="visually-hidden">could not be read</span>
          </span>
        ) : (
          <span className="num" data-done={annotations > 0 || undefined}>
            <Shapes aria-hidden="true" />
            {formatCount(annotations)}
            <span className="visually-hidden">objects</span>
          </span>
        )}
      </div>
    </div>
  );
}

function GallerySkeleton() {
  return (
    <Delayed>
      <div className="gallery-skeleton" aria-label="Loading images">
        {Array.from({ length: 12 }, (_, index) => (
          <Skeleton key={index} height={180} />
        ))}
      </div>
    </Delayed>
  );
}
