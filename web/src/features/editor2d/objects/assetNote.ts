/** The note on an image: text of the asset itself, changed under its own revision. */
import { call } from '@/net/http';

const id = encodeURIComponent;

export const kNoteMax = 10_000;

export interface NoteState {
  note: string;
  note_revision: number;
}

export async function readNote(assetId: string, signal?: AbortSignal): Promise<NoteState> {
  const asset = await call<Partial<NoteState>>(`/assets/${id(assetId)}`, { signal });
  return { note: asset.note ?? '', note_revision: asset.note_revision ?? 0 };
}

/** @throws ApiError 412 when somebody wrote another note after `revision`. */
export function writeNote(assetId: string, note: string, revision: number): Promise<NoteState> {
  return call(`/assets/${id(assetId)}`, {
    method: 'PATCH',
    body: { note },
    headers: { 'If-Match': `"${revision}"` },
  });
}
