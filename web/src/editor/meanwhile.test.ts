import { describe, expect, it } from 'vitest';
import type { Annotation } from '../kernel/records';
import type { RemoteOperation } from '../net/liveTypes';
import { affected, kLineMs, Meanwhile } from './meanwhile';

const box = (id: string): Annotation => ({
  id,
  label_id: null,
  shape: { type: 'box', x: 0, y: 0, width: 1, height: 1 },
  attributes: {},
});
const by = (who: string, operation: object): RemoteOperation =>
  ({
    id: 'o',
    revision: 1,
    created_by: who,
    created_at: '',
    source: 'manual',
    ...operation,
  }) as unknown as RemoteOperation;

describe('what happens to the selection meanwhile', () => {
  const selection = new Set(['a', 'b', 'c']);

  it('counts only selected objects, by person, deletion last', () => {
    const found = affected(
      [
        by('ana', { op: 'set', target: 'a', field: 'shape', value: {} }),
        by('ana', { op: 'set', target: 'b', field: 'label_id', value: 'x' }),
        by('bo', { op: 'del', target: 'a' }),
        by('bo', { op: 'del', target: 'z' }),
        by('bo', { op: 'reorder', target: 'c', z: 'a' }),
      ],
      selection,
    );
    expect(found).toEqual([
      { kind: 'deleted', by: 'bo', ids: ['a'] },
      { kind: 'changed', by: 'ana', ids: ['b'] },
    ]);
  });

  it('grows a line instead of saying it again', () => {
    const meanwhile = new Meanwhile();
    meanwhile.add('changed', 'ana', [box('a')], 0);
    meanwhile.add('changed', 'ana', [box('b')], 100);
    meanwhile.add('changed', 'ana', [box('a')], 200);
    const [line, ...others] = meanwhile.lines.get();
    expect(others).toEqual([]);
    expect(line?.objects.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(line?.until).toBe(200 + kLineMs);
  });

  it('says three things at most, and each for a while', () => {
    const meanwhile = new Meanwhile();
    for (const who of ['a', 'b', 'c', 'd']) meanwhile.add('deleted', who, [box(who)], 0);
    expect(meanwhile.lines.get().map((line) => line.by)).toEqual(['b', 'c', 'd']);
    meanwhile.dismiss('c/deleted');
    meanwhile.expire(kLineMs - 1);
    expect(meanwhile.lines.get()).toHaveLength(2);
    meanwhile.expire(kLineMs);
    expect(meanwhile.lines.get()).toEqual([]);
  });
});
