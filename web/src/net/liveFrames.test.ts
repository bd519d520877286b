import { expect, it } from 'vitest';
import { readFrame } from './liveFrames';
import { liveUrl } from './openSession';

const read = (frame: unknown) => readFrame(JSON.stringify(frame));
const user = { id: 'u', name: 'Ana', color: '#336699' };

it('reads a welcome with members that show little', () => {
  const members = [{ s: 's2', user, selection: [] }];
  const welcome = { t: 'welcome', session: 's', user, can_write: true, revision: 3, members };
  const frame = read({ ...welcome, locks: [{ target: 'a', s: 's2' }] });
  expect(frame).toMatchObject({
    operations: [],
    members: [{ s: 's2', cursor: null, tool: '', view: null, frame: null }],
  });
});

it('keeps all that an operation of the log says', () => {
  const operation = { id: 'o', op: 'del', target: 'a', revision: 4, created_by: 'u', source: 'm' };
  expect(read({ t: 'ops', revision: 4, operations: [operation] })).toMatchObject({
    operations: [operation],
  });
  const ack = { t: 'ack', n: 1, revision: 4, stored: [{ id: 'o', revision: 4 }, operation] };
  expect(read(ack)).toMatchObject({ stored: [{ id: 'o', revision: 4 }, operation], dropped: [] });
});

it('can do without what is not of the document, and not without the rest', () => {
  expect(read({ t: 'weather' })).toBeNull();
  expect(read({ t: 'locks', locks: 7 })).toBeNull();
  expect(() => read({ t: 'ack', n: 1 })).toThrow(/unreadable frame/);
  expect(() => read(7)).toThrow();
  expect(() => readFrame('{')).toThrow();
});

it('speaks to the page’s own host, secure where the page is', () => {
  expect(liveUrl({ protocol: 'https:', host: 'x:1' }, 'a b')).toBe(
    'wss://x:1/api/v1/live?ticket=a+b',
  );
  expect(liveUrl({ protocol: 'http:', host: 'x' }, 't')).toBe('ws://x/api/v1/live?ticket=t');
});
