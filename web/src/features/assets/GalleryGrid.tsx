import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { t } from '@/i18n/i18n';
import type { Asset } from '@/net/api';
import { AssetCard } from './AssetCard';
import type { AssetPages } from './assetPages';
import type { GallerySearch } from './gallerySearch';
import { gridLayout } from './gridLayout';
import type { Selection } from './selection';
import { useGalleryScroll, useWidth } from './useGalleryScroll';

export interface GalleryGridProps {
  projectId: string;
  search: GallerySearch;
  pages: AssetPages;
  total: number;
  tile: number;
  selection: Selection;
  onSelect: (asset: Asset, position: number, range: boolean) => void;
  onSelectAll: () => void;
  onClear: () => void;
}

const bulkBarHeight = 80;

/** All images as a grid that is as long as it is, of which only what is seen exists. */
export function GalleryGrid(props: GalleryGridProps) {
  const { projectId, search, pages, total, tile, selection, onSelect } = props;
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const { columns, rowHeight, gap } = gridLayout(width, tile);
  const rowCount = width > 0 ? Math.ceil(total / columns) : 0;
  const { rows, reveal } = useGalleryScroll(host, rowCount, rowHeight);
  const [active, setActive] = useState(0);
  const wantsFocus = useRef(false);

  useEffect(() => {
    if (rows.last >= rows.first) {
      pages.want(rows.first * columns, Math.min(total, (rows.last + 1) * columns) - 1);
    }
  }, [pages, rows.first, rows.last, columns, total]);

  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    const cell = host.current?.querySelector<HTMLElement>(
      `[data-position="${active}"] .asset-link`,
    );
    if (!cell) return;
    wantsFocus.current = false;
    cell.focus({ preventScroll: true });
  });

  const goTo = (position: number) => {
    const next = Math.min(total - 1, Math.max(0, position));
    wantsFocus.current = true;
    setActive(next);
    reveal(Math.floor(next / columns), selection.ids.size > 0 ? bulkBarHeight : 0);
  };
  const keys = (event: KeyboardEvent) => {
    const inView = Math.max(1, Math.floor(window.innerHeight / rowHeight)) * columns;
    const step = stepOf(event, active, total, columns, inView);
    if (step !== null) {
      event.preventDefault();
      if (event.shiftKey) {
        const asset = pages.at(Math.min(total - 1, Math.max(0, step)));
        if (asset) onSelect(asset, Math.min(total - 1, Math.max(0, step)), true);
      }
      goTo(step);
      return;
    }
    const asset = pages.at(active);
    if (event.key === ' ' && asset) onSelect(asset, active, event.shiftKey);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) props.onSelectAll();
    else if (event.key === 'Escape' && selection.ids.size > 0) props.onClear();
    else return;
    event.preventDefault();
  };
  const onActive = useCallback((position: number) => setActive(position), []);

  const shown = [];
  for (let row = rows.first; row <= rows.last; row += 1) shown.push(row);
  return (
    <div
      ref={host}
      className="gallery"
      role="grid"
      aria-label={t('gallery.images')}
      aria-rowcount={rowCount}
      aria-colcount={columns}
      aria-multiselectable="true"
      style={{ height: Math.max(0, rows.height - gap) }}
      onKeyDown={keys}
    >
      <div
        className="gallery-rows"
        role="presentation"
        style={{ transform: `translateY(${rows.offset}px)` }}
      >
        {shown.map((row) => (
          <div
            key={row}
            className="gallery-row"
            role="row"
            aria-rowindex={row + 1}
            style={{
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              height: rowHeight - gap,
              marginBottom: gap,
            }}
          >
            {positionsOf(row, columns, total).map((position, column) => {
              const asset = pages.at(position);
              return asset ? (
                <AssetCard
                  key={asset.id}
                  projectId={projectId}
                  asset={asset}
                  search={search}
                  position={position}
                  column={column}
                  active={position === active || (row === rows.first && active < 0)}
                  selected={selection.ids.has(asset.id)}
                  onSelect={onSelect}
                  onActive={onActive}
                />
              ) : (
                <EmptyCell key={position} pages={pages} position={position} column={column} />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function EmptyCell(props: { pages: AssetPages; position: number; column: number }) {
  const failed = props.pages.failedAt(props.position);
  return (
    <div className="asset asset-blank" role="gridcell" aria-colindex={props.column + 1}>
      {failed && props.column === 0 ? (
        <button
          type="button"
          className="btn btn-secondary btn-s"
          onClick={() => props.pages.retry()}
        >
          {t('gallery.loadAgain')}
        </button>
      ) : (
        <span className="visually-hidden">{t('gallery.loadingOne')}</span>
      )}
    </div>
  );
}

function positionsOf(row: number, columns: number, total: number): number[] {
  const first = row * columns;
  const count = Math.min(columns, total - first);
  return Array.from({ length: Math.max(0, count) }, (_, column) => first + column);
}

function stepOf(
  event: KeyboardEvent,
  active: number,
  total: number,
  columns: number,
  inView: number,
): number | null {
  switch (event.key) {
    case 'ArrowRight':
      return active + 1;
    case 'ArrowLeft':
      return active - 1;
    case 'ArrowDown':
      return active + columns;
    case 'ArrowUp':
      return active - columns;
    case 'PageDown':
      return active + inView;
    case 'PageUp':
      return active - inView;
    case 'Home':
      return event.ctrlKey ? 0 : active - (active % columns);
    case 'End':
      return event.ctrlKey ? total - 1 : active - (active % columns) + columns - 1;
    default:
      return null;
  }
}
