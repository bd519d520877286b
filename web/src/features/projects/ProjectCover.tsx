import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import type { Project } from '@/net/api';
import { thumbnailUrl } from '@/net/routes';
import { coverQuery } from './queries';
import { useSeen } from './useSeen';

/** The first images of a project; asked for only once the card has been in sight. */
export function ProjectCover({ project, icon }: { project: Project; icon: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  const seen = useSeen(frame);
  const some = (project.counts?.assets ?? 0) > 0;
  const cover = useQuery({ ...coverQuery(project.id), enabled: seen && some });
  const images = cover.data?.items.filter((asset) => asset.status !== 'failed') ?? [];
  return (
    <div ref={frame} className="project-cover" data-count={images.length} aria-hidden="true">
      {images.map((asset) => (
        <img key={asset.id} src={thumbnailUrl(asset)} alt="" draggable={false} decoding="async" />
      ))}
      {images.length === 0 ? <span className="icon-tile">{icon}</span> : null}
    </div>
  );
}
