import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textEdit, type TextEdit, type Thread } from '@/net/threads';
import { candidates, complete, mentionAt, mentionedIn } from './mentioning';
import { asThread, filterThreads, stretches, withThread } from './threadList';

const people = [
  { id: '1', name: 'Ana' },
  { id: '2', name: 'Ana Maria' },
  { id: '3', name: 'Bo Li' },
];

/** What the server does with an edit. */
function applied(text: string, edit: TextEdit): string {
  const from = [...text];
  let at = 0;
  let out = '';
  for (const part of edit) {
    if (typeof part === 'string') out += part;
    else if (typeof part === 'number') {
      out += from.slice(at, at + part).join('');
      at += part;
    } else at += part.d;
  }
  return out + from.slice(at).join('');
}

describe('an edit of a text', () => {
  it('makes one of the other, counted in code points', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(fc.property(text, text, (a, b) => applied(a, textEdit(a, b)) === b));
  });

  it('is as small as one change can be', () => {
    expect(textEdit('a red car', 'a blue car')).toEqual([2, 'blue', { d: 3 }]);
    expect(textEdit('abc', 'abc')).toEqual([3]);
    expect(textEdit('ab', 'ab!')).toEqual([2, '!']);
    expect(textEdit('😀x', 'x')).toEqual([{ d: 1 }]);
  });
});

describe('mentions', () => {
  it('begin with an @ at the start of a word', () => {
    expect(mentionAt('hi @an', 6)).toEqual({ start: 3, text: 'an' });
    expect(mentionAt('mail me@an', 10)).toBeNull();
    expect(mentionAt('no', 2)).toBeNull();
    expect(mentionAt('@a\nb', 4)).toBeNull();
  });

  it('offer people by any word of their name', () => {
    expect(candidates(people, 'an').map(({ id }) => id)).toEqual(['1', '2']);
    expect(candidates(people, 'li').map(({ id }) => id)).toEqual(['3']);
    expect(candidates(people, 'Bo Li ')).toEqual([]);
  });

  it('put the name in and the caret behind it', () => {
    const query = mentionAt('see @bo now', 7)!;
    expect(complete('see @bo now', 7, query, people[2]!)).toEqual({
      text: 'see @Bo Li now',
      caret: 11,
    });
  });

  it('are those that still stand in the text', () => {
    expect(mentionedIn('@Bo Li and @Ana', people)).toEqual(['1', '3']);
    expect(mentionedIn('nobody', people)).toEqual([]);
  });

  it('are shown whole, the longer name first, markup as text', () => {
    expect(stretches('<b>@Ana Maria</b>', people)).toEqual([
      { text: '<b>', mention: false },
      { text: '@Ana Maria', mention: true },
      { text: '</b>', mention: false },
    ]);
  });
});

describe('threads', () => {
  const comment = { id: 'c', created_by: people[0]!, created_at: '', body: 'x', version: 1 };
  const thread = (id: string, revision: number, more: Partial<Thread> = {}): Thread => ({
    id,
    asset_id: 'a',
    created_by: people[0]!,
    created_at: '',
    revision,
    comments: [{ ...comment, deleted: false, mentions: [] }],
    ...more,
  });

  it('take what is newer, at its place, and drop what is deleted whole', () => {
    const list = [thread('1', 5), thread('2', 3)];
    expect(withThread(list, thread('2', 2, { x: 9 }))[1]?.x).toBeUndefined();
    expect(withThread(list, thread('2', 4, { x: 9 }))[1]?.x).toBe(9);
    expect(withThread(list, thread('3', 6)).map(({ id }) => id)).toEqual(['3', '1', '2']);
    const gone = thread('1', 7, { comments: [{ ...comment, deleted: true, mentions: [] }] });
    expect(withThread(list, gone).map(({ id }) => id)).toEqual(['2']);
  });

  it('are open or resolved', () => {
    const list = [thread('1', 1), thread('2', 1, { resolved_at: '2026-01-01T00:00:00Z' })];
    expect(filterThreads(list, 'open').map(({ id }) => id)).toEqual(['1']);
    expect(filterThreads(list, 'resolved').map(({ id }) => id)).toEqual(['2']);
  });

  it('are read with care', () => {
    expect(asThread(null)).toBeNull();
    expect(asThread({ id: 1 })).toBeNull();
    expect(asThread(thread('1', 1))?.id).toBe('1');
  });
});
