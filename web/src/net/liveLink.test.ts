import { beforeEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '../kernel/ids';
import { loadTestKernel } from '../kernel/kernelFixture';
import { TestClock } from './clockFixture';
import { MemoryRoom } from './roomFixture';
import { box, TestPage } from './sessionFixture';
import { TransportError } from './sessionWire';

const kernel = await loadTestKernel();

describe.skipIf(!kernel)('live link', () => {
  let clock: TestClock;
  let room: MemoryRoom;
  const page = () => new TestPage(kernel!, room, clock, 'Ana').open();
  const put = () => ({ op: 'put' as const, annotation: box(1) });

  beforeEach(() => {
    clock = new TestClock(7);
    room = new MemoryRoom(kernel!);
  });

  it('says hello with the revision that it has, on a new ticket each time', async () => {
    room.act('Ben', { ...put(), id: uuidv7() });
    const { network, connections } = await page();
    await clock.advance(100);
    expect(network.socket.heard[0]).toEqual({ t: 'hello', revision: 1 });
    network.cut(1001);
    await clock.advance(1000);
    expect(network.tickets).toBe(2);
    expect(connections).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  });

  it('pings after ten seconds of silence only, and is content with the answer', async () => {
    const { network } = await page();
    const pings = () => network.socket.heard.filter(({ t }) => t === 'ping').length;
    await clock.advance(9_900);
    expect(pings()).toBe(0);
    await clock.advance(200);
    expect(pings()).toBe(1);
    await clock.advance(60_000);
    expect(pings()).toBe(7);
    expect(network.sockets).toHaveLength(1);
  });

  it('asks sooner when an answer is due', async () => {
    const { session, network } = await page();
    await clock.advance(100);
    network.holding = true;
    session.commit([put()]);
    await clock.advance(14_500);
    expect(network.sockets).toHaveLength(1);
    network.holding = false;
    await clock.advance(1_000);
    expect(network.sockets).toHaveLength(2);
    expect(room.log).toHaveLength(1);
  });

  it('waits longer after each failure, with chance, up to fifteen seconds', async () => {
    const { network } = await page();
    await clock.advance(100);
    const tried: number[] = [];
    network.reach = () => {
      tried.push(clock.now());
      throw new TransportError('unreachable', 'unreachable', 'no');
    };
    network.cut();
    await clock.advance(120_000);
    const pauses = tried.slice(1).map((at, index) => at - tried[index]!);
    expect(pauses[0]).toBeLessThanOrEqual(1_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(15_000);
    expect(Math.min(...pauses.slice(6))).toBeGreaterThanOrEqual(7_500);
  });

  it('comes back at once when the network does', async () => {
    const { session, network } = await page();
    await clock.advance(100);
    network.down = true;
    network.cut();
    await clock.advance(60_000);
    network.down = false;
    session.retryNow();
    await clock.advance(50);
    expect(network.socket.heard[0]).toEqual({ t: 'hello', revision: 0 });
  });

  it('falls back to plain HTTP where no socket gets through, and leaves it again', async () => {
    const ana = await page();
    ana.network.blocked = true;
    ana.network.cut();
    await clock.advance(5_000);
    expect(ana.connections.at(-1)).toBe('polling');
    ana.session.commit([put()]);
    await clock.advance(200);
    expect(ana.posts).toHaveLength(1);
    expect(ana.state).toEqual({ kind: 'saved' });
    room.act('Ben', { ...put(), id: uuidv7() });
    await clock.advance(5_000);
    expect(ana.session.confirmed()).toEqual(room.snapshot());
    ana.network.blocked = false;
    await clock.advance(120_000);
    expect(ana.connections.at(-1)).toBe('live');
    ana.session.commit([put()]);
    await clock.advance(200);
    expect(ana.posts).toHaveLength(1);
    expect(room.log).toHaveLength(3);
  });

  it('works over plain HTTP with a server that has no rooms', async () => {
    const ana = new TestPage(kernel!, room, clock, 'Ana');
    ana.network.ticketFault = new TransportError('gone', 'not_found', 'no such route');
    await ana.open();
    await clock.advance(100);
    ana.session.commit([put()]);
    await clock.advance(200);
    expect(room.log).toHaveLength(1);
    ana.network.down = true;
    ana.session.commit([put()]);
    await clock.advance(200);
    expect(ana.state).toEqual({ kind: 'offline', count: 1, kept: true });
    ana.network.down = false;
    await clock.advance(20_000);
    expect(ana.state).toEqual({ kind: 'saved' });
    expect(room.log).toHaveLength(2);
  });

  it('sends a single huge operation by HTTP, beside the socket', async () => {
    const ana = await page();
    await clock.advance(100);
    const annotation = { ...box(1), attributes: { note: 'x'.repeat(1_000_000) } };
    ana.session.commit([{ op: 'put', annotation }]);
    await clock.advance(5_000);
    expect(ana.posts).toHaveLength(ana.session.ids().length);
    expect(ana.state).toEqual({ kind: 'saved' });
  });

  it('waits as long as the server says, and sends the same batch again', async () => {
    const { session, network } = await page();
    await clock.advance(100);
    const { submit } = room;
    room.submit = (seat, n) => {
      seat.tell({ t: 'error', n, code: 'rate_limited', detail: 'slow', retry_ms: 1500 });
      room.submit = submit;
    };
    session.commit([put()]);
    await clock.advance(1_400);
    expect(room.log).toHaveLength(0);
    await clock.advance(300);
    expect(room.log).toHaveLength(1);
    expect(network.sockets).toHaveLength(1);
  });

  it('begins anew on an unreadable frame, and passes over what it does not know', async () => {
    const { network } = await page();
    await clock.advance(100);
    network.socket.tell({ t: 'weather', rain: true });
    network.socket.tell({ t: 'presence', members: 'many' });
    await clock.advance(100);
    expect(network.sockets).toHaveLength(1);
    network.socket.tell({ t: 'ops', revision: 'many', operations: [] });
    await clock.advance(1_000);
    expect(network.sockets).toHaveLength(2);
    network.socket.tell({ t: 'resync', reason: 'slow reader' });
    await clock.advance(1_000);
    expect(network.sockets).toHaveLength(3);
  });

  it('shows presence ten times a second at most, and nothing while nothing changes', async () => {
    const { session, network } = await page();
    await clock.advance(100);
    const shown = () => network.socket.heard.filter(({ t }) => t === 'presence');
    const at = (x: number) =>
      session.show({ cursor: [x, 0], selection: [], tool: 'box', view: null, frame: null });
    for (let i = 0; i < 100; i++) {
      at(i);
      await clock.advance(10);
    }
    await clock.advance(1000);
    expect(shown().length).toBeGreaterThanOrEqual(9);
    expect(shown().length).toBeLessThanOrEqual(11);
    expect(shown().at(-1)).toMatchObject({ cursor: [99, 0] });
    const before = shown().length;
    at(99);
    await clock.advance(1000);
    expect(shown()).toHaveLength(before);
    network.cut();
    await clock.advance(2000);
    expect(shown()).toMatchObject([{ cursor: [99, 0] }]);
  });

  it('renews a lock while it is held', async () => {
    const { session, network } = await page();
    await clock.advance(100);
    session.lock('a');
    session.lock('a');
    await clock.advance(9_000);
    session.unlock('a');
    await clock.advance(9_000);
    const kinds = network.socket.heard.map(({ t }) => t).filter((t) => t.endsWith('lock'));
    expect(kinds).toEqual(['lock', 'lock', 'lock', 'unlock']);
  });
});
