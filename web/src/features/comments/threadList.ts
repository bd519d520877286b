/** What the comment list and the pins show of the threads. Pure. */
import type { PersonRef } from '@/net/historyRoutes';
import type { Comment, Thread } from '@/net/threads';

/** A thread whose comments are all deleted is gone, though news of it still come. */
export function isGone(thread: Thread): boolean {
  return thread.comments.every((comment) => comment.deleted);
}

export function isResolved(thread: Thread): boolean {
  return Boolean(thread.resolved_at);
}

/** Puts what came into the list; an older state than the known one changes nothing. */
export function withThread(threads: readonly Thread[], thread: Thread): Thread[] {
  const known = threads.find((one) => one.id === thread.id);
  if (known && known.revision > thread.revision) return [...threads];
  const rest = threads.filter((one) => one.id !== thread.id);
  if (isGone(thread)) return rest;
  const index = threads.findIndex((one) => one.id === thread.id);
  if (index < 0) return [thread, ...threads];
  return threads.map((one) => (one.id === thread.id ? thread : one));
}

/** Only what looks like a thread passes. */
export function asThread(value: unknown): Thread | null {
  const thread = value as Partial<Thread> | null;
  const usable =
    typeof thread?.id === 'string' &&
    typeof thread.asset_id === 'string' &&
    Array.isArray(thread.comments);
  return usable ? (thread as Thread) : null;
}

export type ThreadFilter = 'open' | 'resolved';

export function filterThreads(threads: readonly Thread[], filter: ThreadFilter): Thread[] {
  return threads.filter((thread) => isResolved(thread) === (filter === 'resolved'));
}

export function firstWords(thread: Thread): Comment | null {
  return thread.comments.find((comment) => !comment.deleted) ?? null;
}

export interface Stretch {
  text: string;
  mention: boolean;
}

/** The text cut where it names one of `mentions` as "@Name". */
export function stretches(body: string, mentions: readonly PersonRef[]): Stretch[] {
  const names = mentions.map((person) => `@${person.name}`).filter((name) => name.length > 1);
  // The longer first: "@Ana Maria" before "@Ana".
  names.sort((a, b) => b.length - a.length);
  const out: Stretch[] = [];
  let plain = '';
  for (let at = 0; at < body.length; ) {
    const name = names.find((one) => body.startsWith(one, at));
    if (name === undefined) {
      plain += body[at++];
      continue;
    }
    if (plain !== '') out.push({ text: plain, mention: false });
    plain = '';
    out.push({ text: name, mention: true });
    at += name.length;
  }
  if (plain !== '') out.push({ text: plain, mention: false });
  return out;
}
