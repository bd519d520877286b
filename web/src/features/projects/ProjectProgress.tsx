import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { t } from '@/i18n/i18n';
import type { Project } from '@/net/api';
import { formatCount } from '@/ui/format';
import { Progress } from '@/ui/Progress';
import { labelledQuery } from './queries';
import { useSeen } from './useSeen';

/** How many of a project's images have objects; counted only once the card has been in sight. */
export function ProjectProgress({ project }: { project: Project }) {
  const frame = useRef<HTMLDivElement>(null);
  const seen = useSeen(frame);
  const images = project.counts?.assets ?? 0;
  const labelled = useQuery({ ...labelledQuery(project.id), enabled: seen && images > 0 });
  const done = Math.min(images, labelled.data ?? 0);
  const text = t('projects.labelledShare', {
    done: formatCount(done),
    number: formatCount(images),
  });
  return (
    <div ref={frame} className="project-progress" title={labelled.data === undefined ? '' : text}>
      {images > 0 ? (
        <Progress label={text} value={done / images} tone={done === images ? 'ok' : undefined} />
      ) : null}
    </div>
  );
}
