/**
 * One file by the tus protocol 1.0: it goes on where it was cut, also after a reload, as long as
 * the server's address of the upload is known.
 */
import { t } from '@/i18n/i18n';
import type { RejectedFile } from './api';
import { ApiError, call, parseProblem, reportSignedOut } from './http';
import { sendBody } from './sendBody';

const kPieceBytes = 32 << 20;
const kPollMs = 700;
const kVersion = { 'Tus-Resumable': '1.0.0' };

export interface StoredFile {
  stored: number;
  asset_ids: string[];
  rejected: RejectedFile[];
}

interface UploadView {
  id: string;
  size_bytes: number;
  received: number;
  state: 'receiving' | 'received' | 'storing' | 'done';
  result?: StoredFile;
}

export interface TusOptions {
  /** Of an upload that began before. */
  id?: string;
  signal: AbortSignal;
  /** The upload has this id now. */
  onBegun: (id: string) => void;
  onSent: (bytes: number) => void;
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

export async function tusUpload(
  projectId: string,
  file: File,
  options: TusOptions,
): Promise<StoredFile> {
  let view = options.id ? await lookUp(options.id, file, options.signal) : null;
  if (!view) {
    const id = await begin(projectId, file, options.signal);
    options.onBegun(id);
    view = { id, size_bytes: file.size, received: 0, state: 'receiving' };
  }
  options.onSent(view.received);
  while (view.received < file.size) {
    view.received = await sendPiece(view.id, file, view.received, options);
  }
  return stored(view.id, options.signal);
}

/** Gives an upload up; what the server has of it is removed. */
export async function forgetUpload(id: string): Promise<void> {
  await call(`/uploads/${encodeURIComponent(id)}`, { method: 'DELETE', headers: kVersion });
}

async function lookUp(id: string, file: File, signal: AbortSignal): Promise<UploadView | null> {
  try {
    const view = await call<UploadView>(`/uploads/${encodeURIComponent(id)}`, { signal });
    return view.size_bytes === file.size ? view : null;
  } catch (error) {
    // Expired, or another person's.
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

function checked(xhr: XMLHttpRequest): XMLHttpRequest {
  if (xhr.status >= 200 && xhr.status <= 299) return xhr;
  if (xhr.status === 401) reportSignedOut();
  const header = (name: string) => xhr.getResponseHeader(name);
  throw parseProblem(xhr.status, xhr.responseText, header('Retry-After'), header('X-Request-Id'));
}

async function begin(projectId: string, file: File, signal: AbortSignal): Promise<string> {
  const metadata = `filename ${base64(file.name)},project_id ${base64(projectId)}`;
  const headers = { ...kVersion, 'Upload-Length': `${file.size}`, 'Upload-Metadata': metadata };
  const xhr = checked(await sendBody('POST', '/uploads', '', { headers, signal }));
  const id = xhr.getResponseHeader('Location')?.split('/').pop();
  if (!id) throw new ApiError(xhr.status, 'bad_reply', t('uploads.unnamed'));
  return id;
}

async function sendPiece(
  id: string,
  file: File,
  offset: number,
  { signal, onSent }: TusOptions,
): Promise<number> {
  const headers = {
    ...kVersion,
    'Content-Type': 'application/offset+octet-stream',
    'Upload-Offset': `${offset}`,
  };
  const piece = file.slice(offset, offset + kPieceBytes);
  const path = `/uploads/${encodeURIComponent(id)}`;
  const xhr = await sendBody('PATCH', path, piece, {
    headers,
    signal,
    onSent: (sent) => onSent(offset + Math.min(sent, piece.size)),
  });
  const reached = Number(checked(xhr).getResponseHeader('Upload-Offset'));
  if (reached > offset) return reached;
  throw new ApiError(xhr.status, 'bad_reply', t('uploads.unmeasured'));
}

/** The file is there; waits until it was looked at. */
async function stored(id: string, signal: AbortSignal): Promise<StoredFile> {
  for (;;) {
    const view = await call<UploadView>(`/uploads/${encodeURIComponent(id)}`, { signal });
    if (view.state === 'done' && view.result) return view.result;
    await new Promise((resolve) => setTimeout(resolve, kPollMs));
    signal.throwIfAborted();
  }
}
