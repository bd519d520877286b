import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uuidv7 } from '../kernel/ids';
import { loadTestKernel } from '../kernel/kernelFixture';
import type { Annotation, OperationDraft } from '../kernel/records';
import { Session, type SaveState, type SessionNotice } from './session';
import { MemoryOutbox, ScriptedServer } from './sessionFixture';
import { TransportError } from './sessionTransport';

const kernel = await loadTestKernel();
const kLabel = uuidv7();
const kUnreachable = () => new TransportError('unreachable', 'unreachable', 'no answer');

function box(x = 0): Annotation {
  const shape = { type: 'box' as const, x, y: 0, width: 10, height: 10 };
  return { id: uuidv7(), label_id: kLabel, shape, attributes: {} };
}

function put(annotation: Annotation): OperationDraft {
  return { op: 'put', annotation };
}

function moveTo(target: string, x: number): OperationDraft {
  const value = { type: 'box', x, y: 0, width: 10, height: 10 };
  return { op: 'set', target, field: 'shape', value };
}

async function openSession(server: ScriptedServer, outbox = new MemoryOutbox()) {
  const states: SaveState[] = [];
  const notices: SessionNotice[] = [];
  const session = await Session.open({
    kernel: kernel!,
    transport: server,
    outbox,
    assetId: 'asset',
    onChange: () => {},
    onSaveState: (state) => states.push(state),
    onNotice: (notice) => notices.push(notice),
  });
  return { session, states, notices, outbox, last: () => states.at(-1) };
}

const xOf = (session: Session, id: string) => {
  const shape = session.get(id)?.shape;
  return shape?.type === 'box' ? shape.x : null;
};

describe.skipIf(!kernel)('session', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('applies at once, sends a batch after a moment, then says saved', async () => {
    const server = new ScriptedServer(kernel!);
    const { session, last, outbox } = await openSession(server);
    const [a, b] = [box(1), box(2)];
    session.commit([put(a)]);
    session.commit([put(b)]);
    expect(session.ids()).toHaveLength(2);
    expect(last()).toEqual({ kind: 'saving', count: 2 });
    expect(server.batches).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(50);
    expect(server.batches.map((batch) => batch.operations.length)).toEqual([2]);
    expect(last()).toEqual({ kind: 'saved' });
    expect(server.items.map((item) => item.id).sort()).toEqual([a.id, b.id].sort());
    expect(outbox.rows.size).toBe(0);
  });

  it('gives what undoes a commit, in the order to run it', async () => {
    const { session } = await openSession(new ScriptedServer(kernel!));
    const a = box(1);
    session.commit([put(a)]);
    const { inverse } = session.commit([moveTo(a.id, 5), moveTo(a.id, 9)]);
    expect(xOf(session, a.id)).toBe(9);
    session.commit(inverse);
    expect(xOf(session, a.id)).toBe(1);
  });

  it('leaves out what the kernel refuses, with a notice', async () => {
    const { session, notices } = await openSession(new ScriptedServer(kernel!));
    const a = box(1);
    const { applied } = session.commit([{ op: 'del', target: uuidv7() }, put(a)]);
    expect(applied).toHaveLength(1);
    expect(notices.map((notice) => notice.code)).toEqual(['target_gone']);
  });

  it('keeps changes while offline, backs off, and sends the very same batch again', async () => {
    const server = new ScriptedServer(kernel!);
    server.failures = [kUnreachable(), kUnreachable()];
    const { session, last, outbox } = await openSession(server);
    session.commit([put(box(1))]);
    await vi.advanceTimersByTimeAsync(50);
    expect(last()).toEqual({ kind: 'offline', count: 1, kept: true });
    expect(outbox.rows.size).toBe(1);
    session.commit([put(box(2))]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(last()).toEqual({ kind: 'saved' });
    const sizes = server.batches.map((batch) => batch.operations.length);
    expect(sizes).toEqual([1, 1, 1, 1]);
    expect(server.batches[1]!.operations).toEqual(server.batches[0]!.operations);
    expect(server.items).toHaveLength(2);
  });

  it('survives a lost answer without doing anything twice', async () => {
    const server = new ScriptedServer(kernel!);
    const { session, notices } = await openSession(server);
    server.loseNextAnswer = true;
    session.commit([put(box(1))]);
    await vi.advanceTimersByTimeAsync(50);
    session.commit([put(box(2))]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.items).toHaveLength(2);
    expect(server.revision).toBe(2);
    expect(notices).toEqual([]);
  });

  it('resumes the outbox after a reload, also when part of it had arrived', async () => {
    const server = new ScriptedServer(kernel!);
    const outbox = new MemoryOutbox();
    const first = await openSession(server, outbox);
    server.loseNextAnswer = true;
    server.failures = [];
    first.session.commit([put(box(1))]);
    await vi.advanceTimersByTimeAsync(50);
    server.failures = Array.from({ length: 20 }, kUnreachable);
    first.session.commit([put(box(2))]);
    first.session.close();
    await vi.advanceTimersByTimeAsync(100);
    expect(outbox.rows.size).toBe(2);

    server.failures = [];
    const second = await openSession(server, outbox);
    expect(second.session.ids()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(second.last()).toEqual({ kind: 'saved' });
    expect(second.notices).toEqual([]);
    expect(server.items).toHaveLength(2);
    expect(outbox.rows.size).toBe(0);
  });

  it('takes back what the server rejects and keeps the rest', async () => {
    const server = new ScriptedServer(kernel!);
    const { session, notices, last } = await openSession(server);
    const [good, bad] = [box(1), box(2)];
    server.refuse = (operation) =>
      operation.op === 'put' && operation.annotation.id === bad.id ? 'unknown_label' : null;
    session.commit([put(good), put(bad)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(session.ids()).toEqual([good.id]);
    expect(notices.map((notice) => notice.code)).toEqual(['unknown_label']);
    expect(last()).toEqual({ kind: 'saved' });
  });

  it('drops only the operations that a problem document points at', async () => {
    const server = new ScriptedServer(kernel!);
    const { session, notices, last } = await openSession(server);
    const [good, bad] = [box(1), box(2)];
    server.failures = [new TransportError('refused', 'invalid_operation', 'not so', [1])];
    session.commit([put(good), put(bad)]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(session.ids()).toEqual([good.id]);
    expect(notices).toHaveLength(1);
    expect(last()).toEqual({ kind: 'saved' });
  });

  it('keeps everything when the sign-in is over, and says so', async () => {
    const server = new ScriptedServer(kernel!);
    const { session, last, outbox } = await openSession(server);
    server.failures = [new TransportError('signed_out', 'unauthorized', 'who?')];
    session.commit([put(box(1))]);
    await vi.advanceTimersByTimeAsync(60);
    expect(last()).toEqual({ kind: 'signed_out', count: 1 });
    expect(outbox.rows.size).toBe(1);
    session.retryNow();
    await vi.advanceTimersByTimeAsync(60);
    expect(last()).toEqual({ kind: 'saved' });
  });

  it('fetches what others did in between', async () => {
    const theirs = box(7);
    const server = new ScriptedServer(kernel!);
    const { session } = await openSession(server);
    server.act({ op: 'put', id: uuidv7(), annotation: theirs });
    session.commit([put(box(1))]);
    await vi.advanceTimersByTimeAsync(100);
    expect(session.get(theirs.id)).not.toBeNull();
    expect(session.ids()).toHaveLength(2);
  });

  it('lays pending changes on a refreshed state', async () => {
    const server = new ScriptedServer(kernel!);
    const { session } = await openSession(server);
    const a = box(1);
    session.commit([put(a)]);
    await vi.advanceTimersByTimeAsync(50);
    session.commit([moveTo(a.id, 42)]);
    server.act({ op: 'put', id: uuidv7(), annotation: box(3) });
    await session.refresh();
    expect(xOf(session, a.id)).toBe(42);
    expect(session.ids()).toHaveLength(2);
  });

  it('would lose changes only where the device keeps nothing', async () => {
    const server = new ScriptedServer(kernel!);
    server.failures = [kUnreachable()];
    const outbox = new MemoryOutbox();
    const { session, last } = await openSession(server, outbox);
    outbox.broken = true;
    session.commit([put(box(1))]);
    await vi.advanceTimersByTimeAsync(60);
    expect(session.wouldLose).toBe(true);
    expect(last()).toEqual({ kind: 'offline', count: 1, kept: false });
  });
});
