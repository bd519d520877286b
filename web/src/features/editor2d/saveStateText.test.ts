import { describe, expect, it } from 'vitest';
import { meanwhileText } from './meanwhileText';
import { onePerUser } from './peopleText';
import { chipText } from './saveText';

describe('the save chip', () => {
  const offline = { kind: 'offline', count: 3, kept: true } as const;
  it.each([
    [{ kind: 'saved' }, 'live', 'Saved'],
    [{ kind: 'saved' }, 'polling', 'Saved'],
    [{ kind: 'behind', count: 0 }, 'reconnecting', 'Reconnecting…'],
    [{ kind: 'behind', count: 0 }, 'polling', 'Saved, but the connection is lost'],
    [{ kind: 'saving', count: 2 }, 'reconnecting', 'Reconnecting, 2 changes wait'],
    [{ kind: 'behind', count: 0 }, 'offline', 'Offline'],
    [offline, 'offline', 'Offline, 3 changes kept on this device'],
    [{ kind: 'read_only', count: 0 }, 'live', 'View only'],
    [{ kind: 'gone', count: 1 }, 'live', 'This image was deleted: download 1 change'],
    [{ kind: 'signed_out', count: 1 }, 'offline', 'Not saved, sign in again'],
  ] as const)('%j over a line that is %s: %s', (state, line, text) => {
    expect(chipText(state, line)).toBe(text);
  });
});

describe('a line about the others', () => {
  const shape = { type: 'tag' } as const;
  const object = (id: string) => ({ id, label_id: null, shape, attributes: {} });
  it('names one object and counts several', () => {
    const name = () => 'Car';
    expect(meanwhileText({ kind: 'deleted', objects: [object('a')] }, 'Ana', name)).toBe(
      'Ana deleted Car',
    );
    const two = { kind: 'changed', objects: [object('a'), object('b')] } as const;
    expect(meanwhileText(two, 'Ana', name)).toBe('Ana changed 2 objects you have selected');
  });
});

describe('people', () => {
  const person = (session: string, userId: string, name: string) =>
    ({ session, userId, name, color: '#111111', tool: '' }) as const;
  it('are shown once each, and oneself as such', () => {
    const shown = onePerUser(
      [person('1', 'a', 'Ana'), person('2', 'a', 'Ana'), person('3', 'b', 'Bo')],
      'b',
    );
    expect(shown.map(({ name }) => name)).toEqual(['Ana', 'Bo (you)']);
  });
});
