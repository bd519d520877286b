/** Where the canvas gets an asset's pixels. */
import type { ImageSource } from '@/canvas/imageLayer';
import type { Asset } from '@/net/api';
import { apiUrl } from '@/net/http';
import { thumbnailUrl } from '@/net/routes';
import { contentUrl } from './annotateApi';

export function imageSource(asset: Asset): ImageSource {
  const folder = `/assets/${encodeURIComponent(asset.id)}/tiles`;
  const version = { v: asset.sha256.slice(0, 16) };
  return {
    size: { width: asset.width, height: asset.height },
    url: contentUrl(asset.id),
    previewUrl: thumbnailUrl(asset, 'large'),
    tileUrl: (level, { column, row }) => apiUrl(`${folder}/${level}/${column}/${row}`, version),
  };
}
