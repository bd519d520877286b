import { useNavigate } from '@tanstack/react-router';
import { Segmented } from '@/ui/Segmented';
import { Gallery } from '../assets/Gallery';
import { Duplicates } from './Duplicates';
import { type ImageView, imageViews } from './imageViewNames';
import { LabelNext } from './LabelNext';
import { SearchImages } from './SearchImages';
import './discover.css';

const viewNames: Record<ImageView, string> = {
  all: 'All images',
  next: 'Label next',
  similar: 'Similar',
  duplicates: 'Duplicates',
};

export interface ImageViewsProps {
  projectId: string;
  view: ImageView;
  /** Of the view "similar": the image that others should be like. */
  like?: string;
}

/** The project's images in the order of their upload, or in one that helps to decide. */
export function ImageViews({ projectId, view, like }: ImageViewsProps) {
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
          label="Order of the images"
          value={view}
          options={imageViews.map((value) => ({ value, label: viewNames[value] }))}
          onChange={show}
        />
      </div>
      {view === 'all' ? <Gallery projectId={projectId} /> : null}
      {view === 'next' ? <LabelNext projectId={projectId} /> : null}
      {view === 'similar' ? (
        <SearchImages projectId={projectId} assetId={like} onClear={() => show('similar')} />
      ) : null}
      {view === 'duplicates' ? <Duplicates projectId={projectId} /> : null}
    </>
  );
}
