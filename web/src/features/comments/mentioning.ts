/** The @ in a text field: what is being typed, who fits, and whom the finished text names. Pure. */
import type { PersonRef } from '@/net/historyRoutes';

export interface MentionQuery {
  /** Index of the @. */
  start: number;
  text: string;
}

const kNameMax = 40;
const kOffered = 6;

/** The mention that the caret stands in, if it does. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const start = text.lastIndexOf('@', caret - 1);
  if (start < 0 || caret - start > kNameMax) return null;
  // An address is no mention.
  if (start > 0 && !/[\s(]/.test(text[start - 1]!)) return null;
  const typed = text.slice(start + 1, caret);
  return /[\n@]/.test(typed) ? null : { start, text: typed };
}

export function candidates(people: readonly PersonRef[], typed: string): PersonRef[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const fits = people.filter(({ name }) => {
    const low = name.toLocaleLowerCase();
    return low.startsWith(wanted) || low.split(/\s+/).some((word) => word.startsWith(wanted));
  });
  // Once the name stands there whole there is nothing to offer.
  if (fits.some(({ name }) => typed === `${name} `)) return [];
  return fits.slice(0, kOffered);
}

export interface Completed {
  text: string;
  caret: number;
}

export function complete(
  text: string,
  caret: number,
  query: MentionQuery,
  person: PersonRef,
): Completed {
  const before = `${text.slice(0, query.start)}@${person.name} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}

/** Those of `known` whose "@Name" is still in the text. */
export function mentionedIn(text: string, known: readonly PersonRef[]): string[] {
  return [...new Set(known.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id))];
}
