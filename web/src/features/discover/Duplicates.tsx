import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Range } from '@/ui/Range';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { AssetTile } from './AssetTile';
import { IndexNotice } from './IndexNotice';
import { duplicatesQuery, embeddingsQuery } from './queries';
import { BasisNote } from './SearchImages';

// Percent.
const kLeast = 50;
const kMost = 100;
const kUsual = 0.95;

/** Groups of images that show nearly the same. */
export function Duplicates({ projectId }: { projectId: string }) {
  // Until somebody chooses, what suits the model that looked at the images.
  const [chosen, setChosen] = useState<number | null>(null);
  const found = useQuery(duplicatesQuery(projectId, chosen === null ? null : chosen / 100));
  const usual = Math.round((found.data?.min_similarity ?? kUsual) * 100);
  const percent = Math.min(kMost, Math.max(kLeast, chosen ?? usual));
  const looked = useQuery(embeddingsQuery(projectId)).data?.indexed !== 0;
  return (
    <div className="stack">
      <label className="alike">
        <span>{t('discover.alikeLeast')}</span>
        <Range
          min={kLeast}
          max={kMost}
          value={percent}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
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
          title={t('discover.compareFailed')}
          detail={errorText(found.error)}
          onRetry={() => void found.refetch()}
        />
      ) : found.data.groups.length === 0 ? (
        <div className="card">
          {looked ? (
            <EmptyState icon={<Copy />} title={t('discover.noneAlike')}>
              {t('discover.noneAlikeHint')}
            </EmptyState>
          ) : (
            <EmptyState icon={<Copy />} title={t('discover.notCompared')}>
              {t('discover.notComparedHint')}
            </EmptyState>
          )}
        </div>
      ) : (
        <>
          <BasisNote basis={found.data.basis} />
          {found.data.groups.map((group) => (
            <section key={group.assets[0]?.id} className="card found-group">
              <h3 className="muted">
                {t('discover.group', {
                  count: group.assets.length,
                  percent: Math.round(group.similarity * 100),
                })}
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
