import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Asset } from '@/net/api';
import { keepQueue } from '../assets/walk';
import { thumbnailUrl } from '@/net/routes';

export interface AssetTileProps {
  projectId: string;
  asset: Asset;
  badge?: ReactNode;
  /** The list that next and previous follow from here on. */
  among?: readonly string[];
  children?: ReactNode;
}

/** A thumbnail that opens its image, with what is to be said of it below. */
export function AssetTile({ projectId, asset, badge, among, children }: AssetTileProps) {
  return (
    <li className="asset found" data-testid="found-asset">
      <div className="asset-image">
        <img src={thumbnailUrl(asset)} alt="" loading="lazy" decoding="async" draggable={false} />
        {badge ? <span className="asset-badge num">{badge}</span> : null}
      </div>
      <div className="found-text">
        <Link
          to="/projects/$projectId/annotate/$assetId"
          params={{ projectId, assetId: asset.id }}
          search={among ? { queue: true } : {}}
          onClick={() => among && keepQueue(projectId, among)}
          className="asset-link truncate"
          title={asset.filename}
        >
          {asset.filename}
        </Link>
        {children}
      </div>
    </li>
  );
}
