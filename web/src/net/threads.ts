/** Comment threads of an asset, and the mentions of the person who asks. */
import { uuidv7 } from '../kernel/ids';
import { call } from './http';
import type { PersonRef } from './historyRoutes';

const id = encodeURIComponent;
const kPageMax = 100;
const kPagesMax = 10;

export interface Comment {
  id: string;
  created_by: PersonRef;
  created_at: string;
  edited_at?: string | null;
  deleted: boolean;
  body: string;
  version: number;
  mentions: PersonRef[];
}

export interface Thread {
  id: string;
  asset_id: string;
  project_id?: string;
  annotation_id?: string | null;
  x?: number | null;
  y?: number | null;
  frame?: number | null;
  created_by: PersonRef;
  created_at: string;
  resolved_by?: PersonRef | string | null;
  resolved_at?: string | null;
  revision: number;
  comment_count?: number;
  /** Oldest first; the latest hundred. */
  comments: Comment[];
}

export interface Mention {
  id: string;
  thread_id: string;
  asset_id: string;
  project_id: string;
  comment: Comment;
  by: PersonRef;
  created_at: string;
  read_at?: string | null;
}

interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** All of them, newest first; a crowd beyond a thousand is not asked for. */
export async function listThreads(assetId: string, signal?: AbortSignal): Promise<Thread[]> {
  const out: Thread[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < kPagesMax; page++) {
    const query = { limit: kPageMax, ...(cursor && { cursor }) };
    const path = `/assets/${id(assetId)}/threads`;
    const reply = await call<Page<Thread>>(path, { query, signal, quiet: true });
    out.push(...reply.items);
    if (!reply.next_cursor) break;
    cursor = reply.next_cursor;
  }
  return out;
}

export interface NewThread {
  annotation_id?: string;
  x?: number;
  y?: number;
  body: string;
  mentions: string[];
}

export function createThread(assetId: string, input: NewThread): Promise<Thread> {
  const body = { id: uuidv7(), ...input };
  return call(`/assets/${id(assetId)}/threads`, { method: 'POST', body });
}

export function reply(threadId: string, text: string, mentions: string[]): Promise<Thread> {
  const body = { id: uuidv7(), body: text, mentions };
  return call(`/threads/${id(threadId)}/comments`, { method: 'POST', body });
}

/** Kept, inserted and deleted stretches in Unicode code points: docs/live-protocol.md R11. */
export type TextEdit = (number | string | { d: number })[];

export function editComment(comment: Comment, edit: TextEdit, mentions: string[]): Promise<Thread> {
  const body = { id: uuidv7(), base_version: comment.version, edit, mentions };
  return call(`/comments/${id(comment.id)}`, { method: 'PATCH', body });
}

export function deleteComment(commentId: string): Promise<void> {
  return call(`/comments/${id(commentId)}`, { method: 'DELETE' });
}

export function setResolved(threadId: string, resolved: boolean): Promise<Thread> {
  const path = `/threads/${id(threadId)}/${resolved ? 'resolve' : 'reopen'}`;
  return call(path, { method: 'POST', body: {} });
}

export async function listUnreadMentions(signal?: AbortSignal): Promise<Mention[]> {
  return (await call<Page<Mention>>('/mentions', { query: { unread: true }, signal })).items;
}

/** Those that came after the latest one seen stay unread. */
export function readMentions(upTo: string): Promise<void> {
  return call('/mentions/read', { method: 'POST', body: { up_to: upTo } });
}

export function readMention(mentionId: string): Promise<void> {
  return call(`/mentions/${id(mentionId)}/read`, { method: 'POST', body: {} });
}

/** The smallest single change that makes `after` of `before`. */
export function textEdit(before: string, after: string): TextEdit {
  const from = [...before];
  const to = [...after];
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from[head] === to[head]) head++;
  let tail = 0;
  while (tail < shorter - head && from.at(-1 - tail) === to.at(-1 - tail)) tail++;
  const edit: TextEdit = [];
  if (head > 0) edit.push(head);
  const inserted = to.slice(head, to.length - tail).join('');
  if (inserted !== '') edit.push(inserted);
  const deleted = from.length - tail - head;
  if (deleted > 0) edit.push({ d: deleted });
  return edit;
}
