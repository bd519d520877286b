import { useQuery } from '@tanstack/react-query';
import { ChartColumn, Search, SlidersHorizontal, X, ZoomIn } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type MessageKey, t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { formatCount } from '@/ui/format';
import { Input } from '@/ui/Input';
import { Range } from '@/ui/Range';
import { Select } from '@/ui/Select';
import { projectQuery } from '../projects/queries';
import {
  type AssetOrder,
  type GallerySearch,
  type WorkState,
  assetOrders,
  isFiltered,
  workStates,
} from './gallerySearch';
import { tileSizes } from './gridLayout';
import { MoreFilters } from './MoreFilters';

const stateNames: Record<WorkState, MessageKey> = {
  unlabelled: 'gallery.state.unlabelled',
  labelled: 'gallery.state.labelled',
  suggestions: 'gallery.state.suggestions',
};
const orderNames: Record<AssetOrder, MessageKey> = {
  oldest: 'gallery.order.oldest',
  newest: 'gallery.order.newest',
  name: 'gallery.order.name',
};
const kTypingMs = 250;

export interface GalleryToolbarProps {
  projectId: string;
  search: GallerySearch;
  total: number | undefined;
  tile: number;
  histogram: boolean;
  onHistogram: (shown: boolean) => void;
  onChange: (change: GallerySearch) => void;
  onTile: (size: number) => void;
}

/** Filters, order and size of the tiles. */
export function GalleryToolbar(props: GalleryToolbarProps) {
  const { projectId, search, total, tile, onChange } = props;
  const project = useQuery(projectQuery(projectId));
  const [more, setMore] = useState(false);
  const filtered = isFiltered(search);
  const rare = [search.from, search.to, search.min, search.max, search.note, search.comments];
  return (
    <div className="gallery-tools" role="search" aria-label={t('gallery.filters')}>
      <div className="gallery-tools-row">
        <NameFilter value={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
        <Select
          aria-label={t('gallery.stateLabel')}
          data-testid="gallery-state"
          value={search.state ?? ''}
          onChange={(event) => onChange({ state: (event.target.value || undefined) as WorkState })}
        >
          <option value="">{t('gallery.state.all')}</option>
          {workStates.map((state) => (
            <option key={state} value={state}>
              {t(stateNames[state])}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t('gallery.labelFilter')}
          data-testid="gallery-label"
          value={search.label ?? ''}
          onChange={(event) => onChange({ label: event.target.value || undefined })}
        >
          <option value="">{t('gallery.anyLabel')}</option>
          {project.data?.labels.map((label) => (
            <option key={label.id} value={label.id}>
              {label.name}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t('gallery.orderLabel')}
          data-testid="gallery-sort"
          value={search.sort ?? 'oldest'}
          onChange={(event) => onChange({ sort: event.target.value as AssetOrder })}
        >
          {assetOrders.map((order) => (
            <option key={order} value={order}>
              {t(orderNames[order])}
            </option>
          ))}
        </Select>
        <Button
          variant="ghost"
          icon={<SlidersHorizontal />}
          aria-expanded={more}
          onClick={() => setMore(!more)}
        >
          {t('gallery.more')}
          {rare.some((value) => value !== undefined) ? <span className="dot" /> : null}
        </Button>
        <Button
          variant="ghost"
          icon={<ChartColumn />}
          aria-expanded={props.histogram}
          data-testid="gallery-histogram"
          onClick={() => props.onHistogram(!props.histogram)}
        >
          {t('gallery.classes')}
        </Button>
      </div>
      {more ? <MoreFilters search={search} onChange={onChange} /> : null}
      <div className="gallery-tools-row gallery-summary">
        <output className="muted num" data-testid="gallery-total">
          {total === undefined
            ? ''
            : t('gallery.count', { count: total, number: formatCount(total) })}
        </output>
        {filtered ? (
          <Button size="s" variant="ghost" icon={<X />} onClick={() => onChange(noFilter)}>
            {t('gallery.clearFilters')}
          </Button>
        ) : null}
        <label className="gallery-zoom">
          <ZoomIn aria-hidden="true" />
          <span className="visually-hidden">{t('gallery.tileSize')}</span>
          <Range
            min={tileSizes.min}
            max={tileSizes.max}
            step={12}
            value={tile}
            onChange={(event) => props.onTile(Number(event.currentTarget.value))}
          />
        </label>
      </div>
    </div>
  );
}

const noFilter: GallerySearch = {
  q: undefined,
  state: undefined,
  label: undefined,
  from: undefined,
  to: undefined,
  min: undefined,
  max: undefined,
  note: undefined,
  comments: undefined,
};

/** Waits until typing rests; follows the address when that changes by other means. */
function NameFilter({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      onChange(text);
    }, kTypingMs);
    return () => clearTimeout(timer);
  });
  return (
    <Input
      type="search"
      className="gallery-name"
      icon={<Search aria-hidden="true" />}
      aria-label={t('gallery.nameFilter')}
      placeholder={t('gallery.nameFilter')}
      data-testid="gallery-name"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
