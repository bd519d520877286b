import { t } from '@/i18n/i18n';
import { Field } from '@/ui/Field';
import { Checkbox, Input } from '@/ui/Input';
import type { GallerySearch } from './gallerySearch';

export interface MoreFiltersProps {
  search: GallerySearch;
  onChange: (change: GallerySearch) => void;
}

function megabytes(text: string): number | undefined {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Filters that are wanted less often. */
export function MoreFilters({ search, onChange }: MoreFiltersProps) {
  return (
    <div className="gallery-more">
      <Field label={t('gallery.from')}>
        {(control) => (
          <Input
            {...control}
            type="date"
            value={search.from ?? ''}
            onChange={(event) => onChange({ from: event.target.value || undefined })}
          />
        )}
      </Field>
      <Field label={t('gallery.to')}>
        {(control) => (
          <Input
            {...control}
            type="date"
            value={search.to ?? ''}
            onChange={(event) => onChange({ to: event.target.value || undefined })}
          />
        )}
      </Field>
      <Field label={t('gallery.min')}>
        {(control) => (
          <Input
            {...control}
            type="number"
            min={0}
            step="any"
            value={search.min ?? ''}
            onChange={(event) => onChange({ min: megabytes(event.target.value) })}
          />
        )}
      </Field>
      <Field label={t('gallery.max')}>
        {(control) => (
          <Input
            {...control}
            type="number"
            min={0}
            step="any"
            value={search.max ?? ''}
            onChange={(event) => onChange({ max: megabytes(event.target.value) })}
          />
        )}
      </Field>
      <Checkbox
        label={t('gallery.withNote')}
        checked={search.note ?? false}
        onChange={(event) => onChange({ note: event.target.checked ? true : undefined })}
      />
      <Checkbox
        label={t('gallery.withComments')}
        checked={search.comments ?? false}
        onChange={(event) => onChange({ comments: event.target.checked ? true : undefined })}
      />
    </div>
  );
}
