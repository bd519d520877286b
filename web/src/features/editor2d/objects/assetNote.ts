/** The note on an image: text of the asset itself, changed under its revision. */
import { call, request } from '@/net/http';

const id = encodeURIComponent;

export const kNoteMax = 4_000;

export interface NoteState {
  note: string;
  /** What `If-Match` takes. */
  etag: string | null;
}

interface AssetWithNote {
  note?: string | null;
}

export async function readNote(assetId: string, signal?: AbortSignal): Promise<NoteState> {
  const reply = await request<AssetWithNote>(`/assets/${id(assetId)}`, { signal });
  return { note: reply.data.note ?? '', etag: reply.etag };
}

/** @throws ApiError 412 when somebody wrote another note meanwhile. */
export async function writeNote(assetId: string, note: string, etag: string | null): Promise<void> {
  await call<void>(`/assets/${id(assetId)}`, {
    method: 'PATCH',
    body: { note },
    headers: etag ? { 'If-Match': etag } : undefined,
  });
}
