import { useNavigate } from '@tanstack/react-router';
import { Segmented } from '@/ui/Segmented';
import { type MessageKey, t } from '@/i18n/i18n';
import { Gallery } from '../assets/Gallery';
import type { GallerySearch } from '../assets/gallerySearch';
import { Duplicates } from './Duplicates';
import { type ImageView, imageViews } from './imageViewNames';
import { LabelNext } from './LabelNext';
import { SearchImages } from './SearchImages';
import './discover.css';

const viewNames: Record<ImageView, MessageKey> = {
  all: 'discover.views.all',
  next: 'discover.views.next',
  similar: 'discover.views.similar',
  duplicates: 'discover.views.duplicates',
};

export interface ImageViewsProps {
  projectId: string;
  view: ImageView;
  /** Of the view "similar": the image that others should be like. */
  like?: string;
  /** Of the view "all": filters and order. */
  search: GallerySearch;
}

/** The project's images in the order of their upload, or in one that helps to decide. */
export function ImageViews({ projectId, view, like, search }: ImageViewsProps) {
  const navigate = useNavigate();
  const show = (next: ImageView) =>
    void navigate({
      to: '/projects/$projectId',
      params: { projectId },
      search: next === 'all' ? {} : { view: next },
    });
  return (
    <>
      <div className="image-views" data-testid="image-views">
        <Segmented
          label={t('discover.viewsLabel')}
          value={view}
          options={imageViews.map((value) => ({ value, label: t(viewNames[value]) }))}
          onChange={show}
        />
      </div>
      {view === 'all' ? <Gallery projectId={projectId} search={search} /> : null}
      {view === 'next' ? <LabelNext projectId={projectId} /> : null}
      {view === 'similar' ? (
        <SearchImages projectId={projectId} assetId={like} onClear={() => show('similar')} />
      ) : null}
      {view === 'duplicates' ? <Duplicates projectId={projectId} /> : null}
    </>
  );
}
