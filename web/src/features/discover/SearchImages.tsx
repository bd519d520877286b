import { useQuery } from '@tanstack/react-query';
import { Images, Search, X } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import type { SearchBasis } from '@/net/api';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Input } from '@/ui/Input';
import { Delayed, Skeleton } from '@/ui/Skeleton';
import { AssetTile } from './AssetTile';
import { IndexNotice } from './IndexNotice';
import { embeddingsQuery, searchQuery, type Wanted } from './queries';

export interface SearchImagesProps {
  projectId: string;
  /** The image that others should be like. */
  assetId?: string;
  onClear: () => void;
}

export function SearchImages({ projectId, assetId, onClear }: SearchImagesProps) {
  const state = useQuery(embeddingsQuery(projectId));
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  // Words need a model that knows images and words; without one the field is not there.
  const words = state.data?.basis?.kind === 'clip';
  const wanted: Wanted | null = assetId ? { assetId } : asked ? { text: asked } : null;
  return (
    <div className="stack">
      {words ? (
        <form
          className="discover-search"
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(text.trim());
          }}
        >
          <Input
            icon={<Search aria-hidden="true" />}
            type="search"
            aria-label={t('discover.words')}
            placeholder={t('discover.wordsExample')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" variant="primary">
            {t('discover.search')}
          </Button>
        </form>
      ) : null}
      <IndexNotice projectId={projectId} />
      {assetId ? (
        <Button size="s" variant="ghost" icon={<X />} className="discover-clear" onClick={onClear}>
          {t('discover.stopComparing')}
        </Button>
      ) : null}
      {wanted ? (
        <Found projectId={projectId} wanted={wanted} />
      ) : (
        <div className="card">
          <EmptyState icon={<Images />} title={t('discover.findAlike')}>
            {t('discover.findAlikeHint')}
          </EmptyState>
        </div>
      )}
    </div>
  );
}

function Found({ projectId, wanted }: { projectId: string; wanted: Wanted }) {
  const found = useQuery(searchQuery(projectId, wanted));
  if (found.isPending) {
    return (
      <Delayed>
        <Skeleton height={220} />
      </Delayed>
    );
  }
  if (found.isError) {
    return (
      <ErrorState
        title={t('discover.searchFailed')}
        detail={errorText(found.error)}
        onRetry={() => void found.refetch()}
      />
    );
  }
  return (
    <>
      <BasisNote basis={found.data.basis} />
      <ol className="found-grid" aria-label={t('discover.alikeList')}>
        {found.data.items.map(({ asset, score }) => (
          <AssetTile
            key={asset.id}
            projectId={projectId}
            asset={asset}
            badge={`${Math.round(score * 100)} %`}
            among={found.data.items.map((item) => item.asset.id)}
          />
        ))}
      </ol>
    </>
  );
}

export function BasisNote({ basis }: { basis: SearchBasis }) {
  return <p className="muted">{basis.note}</p>;
}
