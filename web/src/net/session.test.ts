import { beforeEach, describe, expect, it } from 'vitest';
import { History, type Runner } from '../editor/history';
import { uuidv7 } from '../kernel/ids';
import { loadTestKernel } from '../kernel/kernelFixture';
import type { Annotation, Operation, OperationDraft } from '../kernel/records';
import { TestClock } from './clockFixture';
import { MemoryRoom } from './roomFixture';
import type { Session } from './session';
import { box, TestPage } from './sessionFixture';
import { TransportError } from './sessionWire';

const kernel = await loadTestKernel();

const put = (annotation: Annotation): OperationDraft => ({ op: 'put', annotation });
const boxAt = (x: number, y = 0) => ({ type: 'box' as const, x, y, width: 10, height: 10 });

function moveTo(target: string, x: number): OperationDraft {
  return { op: 'set', target, field: 'shape', value: boxAt(x) };
}

const named = (draft: OperationDraft) => ({ ...draft, id: uuidv7() }) as Operation;
const xOf = (session: Session, id: string) => {
  const shape = session.get(id)?.shape;
  return shape?.type === 'box' ? shape.x : null;
};

describe.skipIf(!kernel)('session', () => {
  let clock: TestClock;
  let room: MemoryRoom;
  const page = (name = 'Ana') => new TestPage(kernel!, room, clock, name).open();

  beforeEach(() => {
    clock = new TestClock();
    room = new MemoryRoom(kernel!);
  });

  it('applies at once, sends a batch after a moment, says saved when it is stored', async () => {
    const { session, states, network, outbox } = await page();
    await clock.advance(50);
    session.commit([put(box(1))]);
    session.commit([put(box(2))]);
    expect(session.ids()).toHaveLength(2);
    expect(states.at(-1)).toEqual({ kind: 'saving', count: 2 });
    await clock.advance(22);
    expect(room.log).toHaveLength(0);
    await clock.advance(50);
    const batches = network.socket.heard.filter(({ t }) => t === 'ops');
    expect(batches.map(({ operations }) => operations!.length)).toEqual([2]);
    expect(states.at(-1)).toEqual({ kind: 'saved' });
    expect(room.items.map(({ id }) => id).sort()).toEqual(session.ids().sort());
    expect(outbox.rows.size).toBe(0);
  });

  it('names the gesture of what is done together, and what it takes back', async () => {
    const { session } = await page();
    const { applied } = session.commit([put(box(1)), put(box(2))]);
    const [first, second] = applied as (Operation & { step: string })[];
    expect(first!.step).toBe(second!.step);
    const gesture = { step: uuidv7(), undoes: first!.step };
    session.commit([{ op: 'del', target: session.ids()[0]! }], gesture);
    await clock.advance(100);
    expect(room.log[0]).toMatchObject({ step: first!.step });
    expect(room.log[2]).toMatchObject(gesture);
  });

  it('gives what undoes a commit, in the order to run it', async () => {
    const { session } = await page();
    const a = box(1);
    session.commit([put(a)]);
    const { inverse } = session.commit([moveTo(a.id, 5), moveTo(a.id, 9)]);
    expect(xOf(session, a.id)).toBe(9);
    session.commit(inverse);
    expect(xOf(session, a.id)).toBe(1);
  });

  it('leaves out what the kernel refuses, with a notice', async () => {
    const { session, notices } = await page();
    const { applied } = session.commit([{ op: 'del', target: uuidv7() }, put(box(1))]);
    expect(applied).toHaveLength(1);
    expect(notices.map(({ code }) => code)).toEqual(['target_gone']);
  });

  it('shows what others do by the ids that they touched, and nothing else', async () => {
    const { session, changes } = await page();
    await clock.advance(50);
    const theirs = box(7);
    changes.length = 0;
    room.act('Ben', named(put(theirs)));
    await clock.advance(50);
    expect(session.get(theirs.id)).not.toBeNull();
    expect(changes).toEqual([[theirs.id]]);
  });

  it('keeps changes while nobody answers, and sends the very same batch again', async () => {
    const { session, network, states, outbox } = await page();
    await clock.advance(50);
    network.holding = true;
    session.commit([put(box(1))]);
    await clock.advance(50);
    expect(states.at(-1)).toEqual({ kind: 'saving', count: 1 });
    // An open socket that says nothing: the ping stays unanswered.
    await clock.advance(15_000);
    expect(states.at(-1)).toEqual({ kind: 'offline', count: 1, kept: true });
    expect(outbox.rows.size).toBe(1);
    session.commit([put(box(2))]);
    network.release();
    await clock.advance(40_000);
    expect(states.at(-1)).toEqual({ kind: 'saved' });
    expect(room.log).toHaveLength(2);
    expect(room.items).toHaveLength(2);
  });

  it('ignores what an abandoned connection still delivers', async () => {
    const { session, network, notices } = await page();
    await clock.advance(50);
    network.holding = true;
    room.act('Ben', named(put(box(3))));
    await clock.advance(25_000);
    network.holding = false;
    await clock.advance(40_000);
    expect(session.revision).toBe(1);
    network.release();
    await clock.advance(1000);
    expect(session.confirmed()).toEqual(room.snapshot());
    expect(notices).toEqual([]);
  });

  it('says that it is behind when heartbeats fail and nothing waits', async () => {
    const { network, states } = await page();
    await clock.advance(50);
    network.holding = true;
    await clock.advance(21_000);
    expect(states.at(-1)).toEqual({ kind: 'behind', count: 0 });
    network.holding = false;
    await clock.advance(20_000);
    expect(states.at(-1)).toEqual({ kind: 'saved' });
  });

  it('survives a lost answer without doing anything twice', async () => {
    const { session, network, notices, states } = await page();
    await clock.advance(50);
    let lose = true;
    network.cutBeforeAnswer = () => lose;
    session.commit([put(box(1))]);
    await clock.advance(40);
    lose = false;
    session.commit([put(box(2))]);
    await clock.advance(5000);
    expect(room.log).toHaveLength(2);
    expect(states.at(-1)).toEqual({ kind: 'saved' });
    expect(notices).toEqual([]);
  });

  it('resumes after a reload, also when part of it had arrived', async () => {
    const first = await page();
    await clock.advance(50);
    first.network.cutBeforeAnswer = () => true;
    first.session.commit([put(box(1))]);
    await clock.advance(40);
    first.network.down = true;
    first.session.commit([put(box(2))]);
    await clock.advance(1000);
    expect(first.outbox.rows.size).toBe(2);
    room.act('Ben', named(put(box(3))));

    const second = await first.reload();
    expect(second.session.ids()).toHaveLength(2);
    await clock.advance(1000);
    expect(second.state).toEqual({ kind: 'saved' });
    expect(second.notices).toEqual([]);
    expect(room.log).toHaveLength(3);
    expect(second.session.items()).toHaveLength(3);
    expect(second.outbox.rows.size).toBe(0);
  });

  it('sends what another tab left once that tab is gone', async () => {
    const first = await page();
    first.network.down = true;
    await clock.advance(50);
    first.session.commit([put(box(1))]);
    await clock.advance(50);
    const left = [...first.outbox.rows.values()];

    const second = new TestPage(kernel!, room, clock, 'Ana');
    second.outbox.againMs = 3000;
    await second.open();
    await clock.advance(1000);
    second.outbox.againMs = null;
    await second.outbox.put(left);
    await clock.advance(3000);
    expect(room.log).toHaveLength(1);
    expect(second.session.ids()).toHaveLength(1);
    expect(second.outbox.rows.size).toBe(0);
    // The first was only asleep: it finds its own work done.
    first.network.down = false;
    await clock.advance(20_000);
    expect(first.state).toEqual({ kind: 'saved' });
    expect(room.log).toHaveLength(1);
  });

  it('takes back what the server drops and keeps the rest', async () => {
    const { session, notices, states } = await page();
    const [good, bad] = [box(1), box(2)];
    room.refuse = (operation) =>
      operation.op === 'put' && operation.annotation.id === bad.id ? 'unknown_label' : null;
    session.commit([put(good), put(bad)]);
    await clock.advance(100);
    expect(session.ids()).toEqual([good.id]);
    expect(notices.map(({ code }) => code)).toEqual(['unknown_label']);
    expect(states.at(-1)).toEqual({ kind: 'saved' });
  });

  it('finds the one operation that makes the server refuse a whole batch', async () => {
    const { session, notices, network, states } = await page();
    await clock.advance(50);
    const bad = box(2);
    const { submit } = room;
    room.submit = (seat, n, base, operations) => {
      const faulty = operations.some((one) => one.op === 'put' && one.annotation.id === bad.id);
      if (!faulty) return submit.call(room, seat, n, base, operations);
      seat.tell({ t: 'error', n, code: 'invalid_operation', detail: 'not so' });
    };
    session.commit([put(box(1)), put(bad), put(box(3))]);
    await clock.advance(500);
    expect(room.items).toHaveLength(2);
    expect(session.ids()).not.toContain(bad.id);
    expect(notices.map(({ code }) => code)).toEqual(['invalid_operation']);
    expect(states.at(-1)).toEqual({ kind: 'saved' });
    expect(network.sockets).toHaveLength(1);
  });

  it('lays on the present state what was made too long ago to be merged', async () => {
    const { session, states } = await page();
    await clock.advance(50);
    const { submit } = room;
    room.submit = (seat, n) => {
      room.submit = submit;
      room.act('Ben', named(put(box(9))));
      seat.tell({ t: 'error', n, code: 'too_far_behind', detail: 'too much to merge' });
    };
    session.commit([put(box(1)), put(box(2))]);
    await clock.advance(3000);
    expect(states.at(-1)).toEqual({ kind: 'saved' });
    expect(room.items).toHaveLength(3);
    expect(session.confirmed()).toEqual(room.snapshot());
  });

  it('keeps everything when the sign-in is over, says so, and goes on after it', async () => {
    const { session, states, outbox, network } = await page();
    await clock.advance(50);
    network.cut(4401);
    session.commit([put(box(1))]);
    await clock.advance(60_000);
    expect(states.at(-1)).toEqual({ kind: 'signed_out', count: 1 });
    expect(outbox.rows.size).toBe(1);
    session.retryNow();
    await clock.advance(100);
    expect(states.at(-1)).toEqual({ kind: 'saved' });
  });

  it('may only look when the permission went', async () => {
    const { session, states, network, notices } = await page();
    await clock.advance(50);
    room.canWrite = false;
    network.cut(4403);
    await clock.advance(1000);
    expect(session.canWrite).toBe(false);
    expect(states.at(-1)).toEqual({ kind: 'read_only', count: 0 });
    expect(session.commit([put(box(1))]).applied).toEqual([]);
    expect(notices.map(({ code }) => code)).toEqual(['forbidden']);
    network.ticketFault = new TransportError('forbidden', 'forbidden', 'no');
    network.cut(4403);
    await clock.advance(1000);
    expect(states.at(-1)).toEqual({ kind: 'read_only', count: 0 });
  });

  it('keeps for download what could not be saved to an image that is gone', async () => {
    const { session, states, network } = await page();
    await clock.advance(50);
    session.commit([put(box(1))]);
    network.cut(4404);
    await clock.advance(60_000);
    expect(states.at(-1)).toEqual({ kind: 'gone', count: 1 });
    expect(session.unsaved()).toHaveLength(1);
  });

  it('fetches what it lacks when operations come with a gap', async () => {
    const { session, network } = await page();
    await clock.advance(50);
    room.seats.delete(network.socket);
    room.act('Ben', named(put(box(1))));
    room.seats.add(network.socket);
    room.act('Ben', named(put(box(2))));
    await clock.advance(4000);
    expect(session.confirmed()).toEqual(room.snapshot());
    expect(network.sockets).toHaveLength(2);
  });

  it('takes the whole state when it is too far behind, with its own work on top', async () => {
    const { session, network, changes } = await page();
    const a = box(1);
    session.commit([put(a)]);
    await clock.advance(100);
    network.down = true;
    network.cut();
    session.commit([moveTo(a.id, 42)]);
    room.act('Ben', named(put(box(3))), named(put(box(4))));
    room.catchUpMax = 1;
    network.down = false;
    changes.length = 0;
    await clock.advance(20_000);
    expect(changes).toContain(null);
    expect(xOf(session, a.id)).toBe(42);
    expect(session.confirmed()).toEqual(room.snapshot());
    expect(session.items()).toHaveLength(3);
  });

  it('takes what was made on the server by a click when asked to', async () => {
    const { session, network } = await page();
    network.down = true;
    await clock.advance(50);
    room.act('Ben', named(put(box(3))));
    network.down = false;
    await session.refresh();
    expect(session.items()).toHaveLength(1);
  });

  it('would lose changes only where the device keeps nothing', async () => {
    const { session, states, outbox, network } = await page();
    await clock.advance(50);
    network.down = true;
    network.cut();
    await clock.advance(1000);
    outbox.broken = true;
    session.commit([put(box(1))]);
    await clock.advance(60);
    expect(session.wouldLose).toBe(true);
    expect(states.at(-1)).toEqual({ kind: 'offline', count: 1, kept: false });
  });

  it('sends what waits when it is closed', async () => {
    const { session } = await page();
    await clock.advance(50);
    session.commit([put(box(1))]);
    session.close();
    await clock.advance(100);
    expect(room.log).toHaveLength(1);
    expect(room.seats.size).toBe(0);
  });

  it('brings together what two people did to one box without a network', async () => {
    const a = box(1);
    room.act('Cem', named(put(a)));
    const [ana, ben] = [await page('Ana'), await page('Ben')];
    await clock.advance(50);
    for (const { network } of [ana, ben]) {
      network.down = true;
      network.cut();
    }
    ana.session.commit([{ ...moveTo(a.id, 60), prev: a.shape } as OperationDraft]);
    ben.session.commit([
      { op: 'set', target: a.id, field: 'attributes.note', value: 'seen' },
      { op: 'set', target: a.id, field: 'shape', value: { ...boxAt(1), width: 44 }, prev: a.shape },
    ]);
    await clock.advance(30_000);
    expect(room.log).toHaveLength(1);
    for (const { network } of [ana, ben]) network.down = false;
    await clock.advance(20_000);
    const [end] = room.items;
    expect(end).toMatchObject({ shape: { x: 60, width: 44 }, attributes: { note: 'seen' } });
    for (const { session, state } of [ana, ben]) {
      expect(state).toEqual({ kind: 'saved' });
      expect(session.confirmed()).toEqual(room.snapshot());
      expect(session.get(a.id)?.shape).toEqual(end!.shape);
    }
  });

  it('undoes what was done without a network to what others did meanwhile', async () => {
    const a = box(1);
    const [mine, theirs, before] = [uuidv7(), uuidv7(), uuidv7()];
    room.act('Cem', named(put(a)));
    const late: { run: Runner } = { run: () => ({ applied: [], inverse: [] }) };
    const history = new History((operations, gesture) => late.run(operations, gesture), kernel!);
    const { session, network } = await new TestPage(kernel!, room, clock, 'Ana').open({
      onForeign: (change, waiting) => history.carryOver(change, waiting),
      onReinverted: (...told) => history.reinvert(...told),
    });
    late.run = (operations, gesture) => session.commit(operations, gesture);
    const label = (value: string): OperationDraft => {
      const prev = session.get(a.id)!.label_id;
      return { op: 'set', target: a.id, field: 'label_id', value, prev };
    };
    const act = (title: string, draft: OperationDraft) => {
      const step = uuidv7();
      history.record({ step, title, operations: session.commit([draft], { step }).inverse });
    };
    act('before', label(before));
    await clock.advance(100);
    network.down = true;
    network.cut();
    act('mine', label(mine));
    room.act('Ben', named({ op: 'set', target: a.id, field: 'label_id', value: theirs }));
    network.down = false;
    await clock.advance(20_000);
    expect(session.get(a.id)?.label_id).toBe(mine);
    expect(history.undo()).toBe('mine');
    expect(session.get(a.id)?.label_id).toBe(theirs);
    // Somebody changed since what the step before did: nothing of it is left.
    expect(history.undo()).toBeNull();
    expect(session.get(a.id)?.label_id).toBe(theirs);
    expect(history.redo()).toBe('mine');
    expect(session.get(a.id)?.label_id).toBe(mine);
  });

  it('tells who deleted what also when the answer overtakes the news', async () => {
    room.ackFirst = true;
    const { session, notices, network } = await page();
    const a = box(1);
    session.commit([put(a)]);
    await clock.advance(100);
    network.delay = () => 300;
    session.commit([moveTo(a.id, 77)]);
    await clock.advance(30);
    room.seats.delete(network.socket);
    room.act('Ben', named({ op: 'del', target: a.id }));
    room.seats.add(network.socket);
    await clock.advance(400);
    expect(notices).toEqual([]);
    await clock.advance(6000);
    expect(notices).toMatchObject([{ code: 'target_gone', by: 'Ben' }]);
  });

  it('tells who deleted what one was changing, and restores it', async () => {
    const { session, notices, network } = await page();
    const a = box(1);
    session.commit([put(a)]);
    await clock.advance(100);
    network.delay = () => 500;
    session.commit([moveTo(a.id, 77)]);
    await clock.advance(30);
    room.act('Ben', named({ op: 'del', target: a.id }));
    await clock.advance(3000);
    expect(session.ids()).toEqual([]);
    expect(notices).toMatchObject([{ code: 'target_gone', rule: 'R2', by: 'Ben' }]);
    session.commit(notices[0]!.restore);
    await clock.advance(3000);
    expect(xOf(session, a.id)).toBe(77);
    expect(room.items).toEqual(session.confirmed().items);
    expect(room.items).toHaveLength(1);
  });
});
