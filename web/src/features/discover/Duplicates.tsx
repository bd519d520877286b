import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { errorText } from '@/net/http';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { formatPlural } from '@/ui/format';
import { Range } from '@/ui/Range';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { AssetTile } from './AssetTile';
import { IndexNotice } from './IndexNotice';
import { duplicatesQuery, embeddingsQuery } from './queries';
import { BasisNote } from './SearchImages';

/** Groups of images that show nearly the same. */
export function Duplicates({ projectId }: { projectId: string }) {
  const [percent, setPercent] = useState(95);
  const found = useQuery(duplicatesQuery(projectId, percent / 100));
  const looked = useQuery(embeddingsQuery(projectId)).data?.indexed !== 0;
  return (
    <div className="stack">
      <label className="alike">
        <span>Alike by at least</span>
        <Range
          min={80}
          max={99}
          value={percent}
          onChange={(event) => setPercent(Number(event.currentTarget.value))}
        />
        <output className="num">{percent} %</output>
      </label>
      <IndexNotice projectId={projectId} />
      {found.isPending ? (
        <Delayed>
          <Skeleton height={220} />
        </Delayed>
      ) : found.isError ? (
        <ErrorState
          title="The images could not be compared"
          detail={errorText(found.error)}
          onRetry={() => void found.refetch()}
        />
      ) : found.data.groups.length === 0 ? (
        <div className="card">
          {looked ? (
            <EmptyState icon={<Copy />} title="No two images are that much alike">
              Lower the slider to see what comes close.
            </EmptyState>
          ) : (
            <EmptyState icon={<Copy />} title="Nothing has been compared yet">
              Images that show nearly the same will be listed here.
            </EmptyState>
          )}
        </div>
      ) : (
        <>
          <BasisNote basis={found.data.basis} />
          {found.data.groups.map((group) => (
            <section key={group.assets[0]?.id} className="card found-group">
              <h3 className="muted">
                {formatPlural(group.assets.length, 'image')}, alike by{' '}
                <span className="num">{Math.round(group.similarity * 100)} %</span>
              </h3>
              <ul className="found-grid">
                {group.assets.map((asset) => (
                  <AssetTile key={asset.id} projectId={projectId} asset={asset} />
                ))}
              </ul>
            </section>
          ))}
        </>
      )}
    </div>
  );
}
