import { useQuery, useQueryClient } from '@tanstack/react-query';
import { History, Sparkles } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { t } from '@/i18n/i18n';
import type { Annotation } from '@/kernel/records';
import { Button } from '@/ui/Button';
import { formatAgo, formatDateTime } from '@/ui/format';
import { useWorkspace } from '../editor2d/workspace';
import { blameQuery } from './queries';
import './history.css';

const kSettleMs = 700;

/** Who made the object, who changed it last, and the way to all that was done to it. */
export function Blame({ annotation }: { annotation: Annotation }) {
  const { asset, openHistory } = useWorkspace();
  const client = useQueryClient();
  const { data } = useQuery(blameQuery(asset.id));
  const first = useRef(annotation);
  useEffect(() => {
    if (first.current === annotation) return;
    const key = { queryKey: blameQuery(asset.id).queryKey };
    const timer = setTimeout(() => void client.invalidateQueries(key), kSettleMs);
    return () => clearTimeout(timer);
  }, [client, asset.id, annotation]);

  const item = data?.find((entry) => entry.annotation_id === annotation.id);
  if (!item) return null;
  const changed = item.changes > 1;
  return (
    <div className="blame" data-testid="blame">
      <p>
        {item.run ? <Sparkles className="ai-ink" aria-hidden="true" /> : null}
        <time dateTime={item.created_at} title={formatDateTime(item.created_at)}>
          {t(item.run ? 'history.blame.createdByRun' : 'history.blame.created', {
            name: item.created_by.name || t('history.blame.someone'),
            model: annotation.model_version ?? t('history.blame.aModel'),
            ago: formatAgo(item.created_at),
          })}
        </time>
      </p>
      {changed ? (
        <p>
          <time dateTime={item.changed_at} title={formatDateTime(item.changed_at)}>
            {t('history.blame.changed', {
              name: item.changed_by.name || t('history.blame.someone'),
              ago: formatAgo(item.changed_at),
            })}
          </time>
        </p>
      ) : null}
      <Button
        size="s"
        variant="ghost"
        icon={<History />}
        data-testid="object-history"
        onClick={() => openHistory(annotation.id)}
      >
        {t('history.blame.all', { count: item.changes })}
      </Button>
    </div>
  );
}
