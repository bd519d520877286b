/** Images of a project from any position, filtered and in an order; and what is done to many. */
import type { Asset, Page } from './api';
import { call, request } from './http';

const id = encodeURIComponent;

export interface AssetPage extends Page<Asset> {
  position?: number;
  total?: number;
}

export type AssetQuery = Record<string, string | number | boolean>;

export async function listAssetsAt(
  projectId: string,
  query: AssetQuery,
  first: number,
  limit: number,
  options: { count?: boolean; signal?: AbortSignal } = {},
): Promise<AssetPage> {
  return call(`/projects/${id(projectId)}/assets`, {
    query: { ...query, around_rank: first + Math.floor(limit / 2), limit, count: options.count },
    signal: options.signal,
  });
}

/** From so many images beyond a cursor on: as quick wherever that is, while it is few. */
export async function listAssetsBeyond(
  projectId: string,
  query: AssetQuery,
  from: { cursor?: string; skip: number },
  limit: number,
  signal?: AbortSignal,
): Promise<AssetPage> {
  return call(`/projects/${id(projectId)}/assets`, { query: { ...query, ...from, limit }, signal });
}

export interface AssetMarks {
  every: number;
  /** Of each `every`th image of the list. */
  cursors: readonly string[];
}

export function getMarks(projectId: string, query: AssetQuery): Promise<AssetMarks> {
  return call(`/projects/${id(projectId)}/assets/marks`, { query });
}

export interface LabelCount {
  label_id: string;
  objects: number;
  images: number;
}

export function getHistogram(
  projectId: string,
  signal?: AbortSignal,
): Promise<{ items: LabelCount[] }> {
  return call(`/projects/${id(projectId)}/histogram`, { signal });
}

export function deleteAssets(
  projectId: string,
  assetIds: readonly string[],
): Promise<{ deleted: number }> {
  return call(`/projects/${id(projectId)}/assets/delete`, {
    method: 'POST',
    body: { asset_ids: assetIds },
  });
}

export interface AssetDetail extends Asset {
  note: string;
  note_revision: number;
}

export function getAssetDetail(assetId: string, signal?: AbortSignal): Promise<AssetDetail> {
  return call(`/assets/${id(assetId)}`, { signal });
}

/** Refused (412) when somebody changed the note after `revision`. */
export async function writeNote(
  assetId: string,
  note: string,
  revision: number,
): Promise<AssetDetail> {
  const reply = await request<AssetDetail>(`/assets/${id(assetId)}`, {
    method: 'PATCH',
    body: { note },
    headers: { 'If-Match': `"${revision}"` },
  });
  return reply.data;
}
