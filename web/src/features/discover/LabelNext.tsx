import { useQuery } from '@tanstack/react-query';
import { ListOrdered } from 'lucide-react';
import { useState } from 'react';
import { type MessageKey, t } from '@/i18n/i18n';
import { queueStrategies, type QueueStrategy } from '@/net/api';
import { errorText } from '@/net/http';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Segmented } from '@/ui/Segmented';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { AssetTile } from './AssetTile';
import { IndexNotice } from './IndexNotice';
import { queueQuery } from './queries';

const strategyNames: Record<QueueStrategy, MessageKey> = {
  mixed: 'discover.strategy.mixed',
  uncertainty: 'discover.strategy.uncertainty',
  disagreement: 'discover.strategy.disagreement',
  novelty: 'discover.strategy.novelty',
};

/** Images in the order in which a label teaches most, each with its reasons. */
export function LabelNext({ projectId }: { projectId: string }) {
  const [strategy, setStrategy] = useState<QueueStrategy>('mixed');
  const queue = useQuery(queueQuery(projectId, strategy));
  return (
    <div className="stack">
      <div className="image-views">
        <Segmented
          label={t('discover.whatCounts')}
          value={strategy}
          options={queueStrategies.map((value) => ({ value, label: t(strategyNames[value]) }))}
          onChange={setStrategy}
        />
      </div>
      <IndexNotice projectId={projectId} />
      {queue.isPending ? (
        <Delayed>
          <Skeleton height={220} />
        </Delayed>
      ) : queue.isError ? (
        <ErrorState
          title={t('discover.orderFailed')}
          detail={errorText(queue.error)}
          onRetry={() => void queue.refetch()}
        />
      ) : queue.data.items.length === 0 ? (
        <div className="card">
          <EmptyState icon={<ListOrdered />} title={t('discover.nothingWaits')}>
            {t('discover.nothingWaitsHint')}
          </EmptyState>
        </div>
      ) : (
        <ol className="found-grid" aria-label={t('discover.nextList')}>
          {queue.data.items.map(({ asset, reasons }, index) => (
            <AssetTile
              key={asset.id}
              projectId={projectId}
              asset={asset}
              badge={index + 1}
              among={queue.data.items.map((item) => item.asset.id)}
            >
              <ul className="found-reasons">
                {reasons.map((reason) => (
                  <li key={reason.kind}>{reason.text}</li>
                ))}
              </ul>
            </AssetTile>
          ))}
        </ol>
      )}
    </div>
  );
}
