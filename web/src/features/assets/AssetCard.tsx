import { useRouter } from '@tanstack/react-router';
import { Check, ImageOff, MessageSquareText, ScanSearch, Shapes, Sparkles } from 'lucide-react';
import { TriangleAlert } from 'lucide-react';
import { type MouseEvent, memo, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Asset } from '@/net/api';
import { thumbnailUrl } from '@/net/routes';
import { formatCount } from '@/ui/format';
import type { GallerySearch } from './gallerySearch';
import { isUnfinished } from './queries';

export interface AssetCardProps {
  projectId: string;
  asset: Asset;
  /** Which gallery it is in, and in which order. */
  search: GallerySearch;
  position: number;
  column: number;
  active: boolean;
  selected: boolean;
  onSelect: (asset: Asset, position: number, range: boolean) => void;
  onActive: (position: number) => void;
}

/** Links are plain: the router's own cost more than all else in a card, and a screen has forty. */
export const AssetCard = memo(function AssetCard(props: AssetCardProps) {
  const { projectId, asset, search, position, column, active, selected, onSelect, onActive } =
    props;
  const failed = asset.status === 'failed' || asset.status === 'error';
  const router = useRouter();
  const walk = { ...search, at: position };
  const query = router.options.stringifySearch(walk);
  const editor = {
    to: '/projects/$projectId/annotate/$assetId',
    params: { projectId, assetId: asset.id },
    search: walk,
  } as const;
  const alike = {
    to: '/projects/$projectId',
    params: { projectId },
    search: { view: 'similar', like: asset.id },
  } as const;
  const click = (event: MouseEvent) => {
    event.preventDefault();
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) void router.navigate(editor);
    else onSelect(asset, position, event.shiftKey);
  };
  return (
    <div
      className="asset"
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={selected}
      data-position={position}
      data-selected={selected || undefined}
      data-testid="asset-card"
    >
      <AssetImage asset={asset} />
      <SuggestionBadge count={asset.suggestion_count ?? 0} />
      <button
        type="button"
        className="asset-check"
        role="checkbox"
        aria-checked={selected}
        aria-label={t('gallery.select', { name: asset.filename })}
        tabIndex={-1}
        onClick={(event) => onSelect(asset, position, event.shiftKey)}
      >
        <Check aria-hidden="true" />
      </button>
      {isUnfinished(asset.status) || failed ? null : (
        <a
          href={`/projects/${projectId}?view=similar&like=${asset.id}`}
          className="btn btn-secondary btn-s btn-icon asset-similar"
          aria-label={t('gallery.findLike', { name: asset.filename })}
          title={t('gallery.findSimilar')}
          data-testid="find-similar"
          tabIndex={active ? 0 : -1}
          onClick={(event) => {
            if (event.shiftKey || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            void router.navigate(alike);
          }}
        >
          <ScanSearch aria-hidden="true" />
        </a>
      )}
      <div className="asset-caption">
        <a
          href={`/projects/${projectId}/annotate/${asset.id}${query}`}
          className="asset-link truncate"
          title={asset.filename}
          tabIndex={active ? 0 : -1}
          onClick={click}
          onPointerEnter={() => void router.preloadRoute(editor).catch(() => {})}
          onFocus={() => onActive(position)}
        >
          {asset.filename}
        </a>
        {asset.has_note ? (
          <span title={t('gallery.hasNote')}>
            <MessageSquareText aria-hidden="true" />
            <span className="visually-hidden">{t('gallery.hasNote')}</span>
          </span>
        ) : null}
        <ObjectCount count={asset.annotation_count ?? 0} failed={failed} />
      </div>
    </div>
  );
});

function AssetImage({ asset }: { asset: Asset }) {
  const [broken, setBroken] = useState(false);
  const failed = asset.status === 'failed' || asset.status === 'error';
  return (
    <div className="asset-image">
      {isUnfinished(asset.status) ? (
        <span className="spinner" role="img" aria-label={t('gallery.processing')} />
      ) : broken || failed ? (
        <ImageOff aria-hidden="true" />
      ) : (
        <img
          src={thumbnailUrl(asset)}
          alt=""
          decoding="async"
          draggable={false}
          onError={() => setBroken(true)}
        />
      )}
    </div>
  );
}

function SuggestionBadge({ count }: { count: number }) {
  if (count === 0) return null;
  const number = formatCount(count);
  return (
    <span className="asset-badge ai" title={t('gallery.toReview', { count, number })}>
      <Sparkles aria-hidden="true" />
      <span className="num">{number}</span>
      <span className="visually-hidden">{t('gallery.toReviewWord')}</span>
    </span>
  );
}

function ObjectCount({ count, failed }: { count: number; failed: boolean }) {
  if (failed) {
    return (
      <span className="err" title={t('gallery.unreadable')}>
        <TriangleAlert aria-hidden="true" />
        <span className="visually-hidden">{t('gallery.unreadable')}</span>
      </span>
    );
  }
  return (
    <span className="num" data-done={count > 0 || undefined}>
      <Shapes aria-hidden="true" />
      {formatCount(count)}
      <span className="visually-hidden">{t('gallery.objectsWord')}</span>
    </span>
  );
}
