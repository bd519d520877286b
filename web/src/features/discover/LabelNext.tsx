import { useQuery } from '@tanstack/react-query';
import { ListOrdered } from 'lucide-react';
import { useState } from 'react';
import { queueStrategies, type QueueStrategy } from '@/net/api';
import { errorText } from '@/net/http';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Segmented } from '@/ui/Segmented';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { AssetTile } from './AssetTile';
import { IndexNotice } from './IndexNotice';
import { queueQuery } from './queries';

const strategyNames: Record<QueueStrategy, string> = {
  mixed: 'Best mix',
  uncertainty: 'Model is unsure',
  disagreement: 'Models disagree',
  novelty: 'Unlike what is labelled',
};

/** Images in the order in which a label teaches most, each with its reasons. */
export function LabelNext({ projectId }: { projectId: string }) {
  const [strategy, setStrategy] = useState<QueueStrategy>('mixed');
  const queue = useQuery(queueQuery(projectId, strategy));
  return (
    <div className="stack">
      <div className="image-views">
        <Segmented
          label="What counts"
          value={strategy}
          options={queueStrategies.map((value) => ({ value, label: strategyNames[value] }))}
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
          title="The order could not be worked out"
          detail={errorText(queue.error)}
          onRetry={() => void queue.refetch()}
        />
      ) : queue.data.items.length === 0 ? (
        <div className="card">
          <EmptyState icon={<ListOrdered />} title="Nothing waits for a label">
            Pre-annotate the images first: what the model is unsure of comes up here.
          </EmptyState>
        </div>
      ) : (
        <ol className="found-grid" aria-label="Images, most worth labelling first">
          {queue.data.items.map(({ asset, reasons }, index) => (
            <AssetTile key={asset.id} projectId={projectId} asset={asset} badge={index + 1}>
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
