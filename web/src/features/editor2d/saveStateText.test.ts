import { describe, expect, it } from 'vitest';
import { chipText } from './SaveStateChip';
import { meanwhileText } from './meanwhileText';
import { onePerUser } from './peopleText';

describe('the save chip', () => {
  const offline = { kind: 'offline', count: 3, kept: true } as const;
  it.each([
    [{ kind: 'saved' } as const, 'live', true, 'Saved'],
    [{ kind: 'saved' } as const, 'polling', true, 'Saved'],
    [{ kind: 'saved' } as const, 'reconnecting', true, 'Reconnecting…'],
    [{ kind: 'saving', count: 2 } as const, 'reconnecting', true, 'Reconnecting, 2 changes wait'],
    [{ kind: 'saved' } as const, 'offline', true, 'Offline'],
    [offline, 'offline', true, 'Offline, 3 changes kept on this device'],
    [{ kind: 'saved' } as const, 'live', false, 'Read only'],
    [{ kind: 'signed_out', count: 1 } as const, 'offline', true, 'Not saved, sign in again'],
  ] as const)('%j over a line that is %s, may write %s: %s', (state, line, write, text) => {
    expect(chipText(state, line, write)).toBe(text);
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
    const shown = onePerUser([person('1', 'a', 'Ana'), person('2', 'a', 'Ana'),
      person('3', 'b', 'Bo')], 'b');
    expect(shown.map(({ name }) => name)).toEqual(['Ana', 'Bo (you)']);
  });
});
