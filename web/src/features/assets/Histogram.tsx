import { useQuery } from '@tanstack/react-query';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { Swatch } from '@/ui/Badge';
import { formatCount } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import { projectQuery } from '../projects/queries';
import { histogramQuery } from './queries';

export interface HistogramProps {
  projectId: string;
  /** The label that the gallery is filtered by. */
  label?: string;
  onLabel: (label: string | undefined) => void;
}

/** Objects and images of each label, most first; a row filters the gallery. */
export function Histogram({ projectId, label, onLabel }: HistogramProps) {
  const project = useQuery(projectQuery(projectId));
  const counted = useQuery(histogramQuery(projectId));
  if (counted.isError) return <Notice tone="err">{errorText(counted.error)}</Notice>;
  if (!counted.data || !project.data) return <Skeleton height={120} />;
  const of = new Map(counted.data.items.map((item) => [item.label_id, item]));
  const rows = project.data.labels
    .map((one) => ({
      ...one,
      objects: of.get(one.id)?.objects ?? 0,
      images: of.get(one.id)?.images ?? 0,
    }))
    .sort((a, b) => b.objects - a.objects);
  const most = Math.max(1, ...rows.map((row) => row.objects));
  if (rows.length === 0) return <p className="muted">{t('gallery.noLabels')}</p>;
  return (
    <section className="card histogram" aria-label={t('gallery.classes')} data-testid="histogram">
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              aria-pressed={row.id === label}
              onClick={() => onLabel(row.id === label ? undefined : row.id)}
            >
              <span className="histogram-name">
                <Swatch color={row.color} />
                <span className="truncate">{row.name}</span>
              </span>
              <span className="histogram-bar" aria-hidden="true">
                <span style={{ transform: `scaleX(${row.objects / most})` }} />
              </span>
              <span className="num">
                {t('gallery.objects', { count: row.objects, number: formatCount(row.objects) })}
              </span>
              <span className="num muted">
                {t('gallery.count', { count: row.images, number: formatCount(row.images) })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
