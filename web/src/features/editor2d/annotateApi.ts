/** The routes only the annotate page calls. */
import type { Asset } from '@/net/api';
import { apiUrl, call, randomKey } from '@/net/http';
import type { SegmentMask, SegmentRequest } from '@/editor/editor';
import {
  polygonParts,
  type Point,
  type PolygonPart,
  type PolygonShape,
  type Rle,
  type Shape,
} from '@/kernel/records';

const id = encodeURIComponent;

export type SuggestionState = 'pending' | 'accepted' | 'rejected';

export interface Suggestion {
  id: string;
  shape: Shape;
  label_id: string | null;
  class: string;
  score: number;
  model_version: string;
  attributes?: Record<string, string | number>;
  /** The score corrected by what people decided about this class before. */
  confidence?: number | null;
  /** Why it is proposed, besides that the model found it. */
  reasons?: string[];
  state: SuggestionState;
}

export function getAsset(assetId: string, signal?: AbortSignal): Promise<Asset> {
  return call(`/assets/${id(assetId)}`, { signal });
}

export function contentUrl(assetId: string): string {
  return apiUrl(`/assets/${id(assetId)}/content`);
}

interface SegmentReply {
  masks: { rle: Rle; score: number }[];
}

/** The best of the masks the model offers, null when it offers none. */
export async function segment(
  assetId: string,
  request: SegmentRequest,
  signal: AbortSignal,
): Promise<SegmentMask | null> {
  const body = {
    asset_id: assetId,
    points: request.points,
    ...(request.box && { box: request.box }),
  };
  const reply = request.previous
    ? await refine(assetId, request, signal)
    : await call<SegmentReply>('/inference/segment', { method: 'POST', body, signal });
  const ranked = [...reply.masks].sort((a, b) => b.score - a.score);
  return ranked[0] ?? null;
}

function refine(
  assetId: string,
  { previous, points }: SegmentRequest,
  signal: AbortSignal,
): Promise<SegmentReply> {
  const body = { asset_id: assetId, mask: previous, points };
  return call('/inference/refine', { method: 'POST', body, signal });
}

export async function previewMask(
  assetId: string,
  [x, y]: Point,
  signal: AbortSignal,
): Promise<readonly PolygonPart[]> {
  const body = { asset_id: assetId, x, y };
  const { polygon } = await call<{ polygon: PolygonShape | null }>('/inference/preview', {
    method: 'POST',
    body,
    signal,
  });
  return polygon ? polygonParts(polygon) : [];
}

/** Has the model read an image; `ahead`: nobody looks at it yet, others go first. */
export function readImage(
  assetId: string,
  signal: AbortSignal,
  { ahead = false } = {},
): Promise<void> {
  const query = ahead ? { ahead: 'true' } : {};
  return call(`/assets/${id(assetId)}/prepare`, { method: 'POST', query, signal });
}

export function findSimilar(
  assetId: string,
  like: { label_id: string; shape: Shape },
  signal: AbortSignal,
): Promise<{ found: number; suggestions: number }> {
  return call(`/assets/${id(assetId)}/similar`, { method: 'POST', body: like, signal });
}

export async function listSuggestions(
  assetId: string,
  signal?: AbortSignal,
): Promise<Suggestion[]> {
  const reply = await call<{ items: Suggestion[] }>(`/assets/${id(assetId)}/suggestions`, {
    signal,
  });
  return reply.items;
}

/** What accepting made. */
export interface Accepted {
  accepted: number;
  annotation_ids?: string[];
}

export function decideSuggestion(
  suggestionId: string,
  decision: 'accept' | 'reject',
): Promise<Partial<Accepted>> {
  return call(`/suggestions/${id(suggestionId)}/${decision}`, {
    method: 'POST',
    body: {},
    headers: { 'Idempotency-Key': randomKey() },
  });
}

export function acceptSuggestions(
  assetId: string,
  chosen: readonly string[],
): Promise<Partial<Accepted>> {
  return call(`/assets/${id(assetId)}/suggestions/accept`, {
    method: 'POST',
    body: { min_score: 0, suggestion_ids: chosen },
    headers: { 'Idempotency-Key': randomKey() },
  });
}

export function rejectSuggestions(
  assetId: string,
  chosen: readonly string[],
): Promise<Partial<Accepted>> {
  const body = { suggestion_ids: chosen };
  return call(`/assets/${id(assetId)}/suggestions/reject`, { method: 'POST', body });
}

/** After an accept was undone or done again. */
export function settleSuggestions(assetId: string, made: readonly string[]): Promise<void> {
  const body = { annotation_ids: made };
  return call(`/assets/${id(assetId)}/suggestions/settle`, { method: 'POST', body });
}

export function detectInAsset(
  projectId: string,
  assetId: string,
  detector?: string,
): Promise<{ job_id: string }> {
  return call(`/projects/${id(projectId)}/preannotations`, {
    method: 'POST',
    body: { asset_ids: [assetId], detector },
    headers: { 'Idempotency-Key': randomKey() },
  });
}
