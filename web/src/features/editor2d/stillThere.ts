/** Lists that one goes through are older than what they name. */
import type { QueryClient } from '@tanstack/react-query';
import type { Asset } from '@/net/api';
import { ApiError } from '@/net/http';
import { getAsset } from './annotateApi';

/** Null when it was deleted. @throws whatever else keeps it from being read */
export async function assetIfThere(client: QueryClient, id: string): Promise<Asset | null> {
  try {
    return await client.fetchQuery({
      queryKey: ['asset', id],
      queryFn: ({ signal }) => getAsset(id, signal),
      staleTime: 0,
    });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** The first that was not deleted; without a network the nearest, whose page says so. */
export async function firstThere(
  client: QueryClient,
  ids: readonly string[],
): Promise<string | null> {
  for (const id of ids) {
    const asset = await assetIfThere(client, id).catch(() => undefined);
    if (asset !== null) return id;
  }
  return null;
}

/** At most `count` of them that were not deleted. */
export async function thoseThere(
  client: QueryClient,
  ids: readonly string[],
  count: number,
): Promise<readonly Asset[]> {
  const out: Asset[] = [];
  for (const id of ids) {
    if (out.length === count) break;
    const asset = await assetIfThere(client, id);
    if (asset) out.push(asset);
  }
  return out;
}
