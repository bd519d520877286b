/**
 * Several people, each with a page of his own, edit one image at random while the network delays,
 * repeats, holds and cuts, pages are reloaded and undo and redo run. Whatever happens: in the end
 * every page shows what the server has, and every operation is in the log once or was told of.
 */
import { describe, expect, it } from 'vitest';
import { History } from '../editor/history';
import { uuidv7 } from '../kernel/ids';
import { loadTestKernel } from '../kernel/kernelFixture';
import type { Kernel } from '../kernel/kernel';
import type { Annotation, Operation, OperationDraft, Point } from '../kernel/records';
import { TestClock } from './clockFixture';
import { MemoryRoom } from './roomFixture';
import { TestPage } from './sessionFixture';

const kernel = await loadTestKernel();
const kSeeds = Number(process.env.ANNOTATEAI_CONVERGE_SEEDS ?? 200);
const kLabels = [uuidv7(), uuidv7()];

function polygon(clock: TestClock): Annotation {
  const points = Array.from({ length: 4 }, (): Point => [clock.pick(500), clock.pick(500)]);
  const keys = points.map((_, index) => `k${index + 1}`);
  const shape = { type: 'polygon' as const, parts: [{ points, keys }] };
  return { id: uuidv7(), label_id: kLabels[0]!, shape, attributes: {} };
}

function boxed(clock: TestClock): Annotation {
  const [x, y] = [clock.pick(500), clock.pick(500)];
  const shape = {
    type: 'box' as const,
    x,
    y,
    width: 1 + clock.pick(90),
    height: 1 + clock.pick(90),
  };
  return { id: uuidv7(), label_id: kLabels[0]!, shape, attributes: { note: 'new' } };
}

class Person {
  history: History;
  readonly made = new Set<string>();
  readonly told = new Set<string>();

  constructor(
    private readonly kernel: Kernel,
    private readonly clock: TestClock,
    public page: TestPage,
  ) {
    this.history = this.newHistory();
  }

  async open(): Promise<void> {
    await this.page.open(this.listeners);
  }

  act(): void {
    const dice = this.clock.pick(12);
    if (dice === 0) return void this.history.undo();
    if (dice === 1) return void this.history.redo();
    const step = uuidv7();
    const { inverse } = this.run(this.drafts(), { step });
    this.history.record({ step, title: 'step', operations: inverse });
  }

  async disturb(): Promise<void> {
    const { network } = this.page;
    const dice = this.clock.pick(7);
    if (dice === 0) network.cut(this.clock.pick(2) ? 1006 : 1001);
    else if (dice === 1) network.holding = true;
    else if (dice === 2) network.release();
    else if (dice === 3) network.down = !network.down;
    else if (dice === 4) network.blocked = !network.blocked;
    else if (dice === 5) this.page.room.catchUpMax = this.clock.pick(2) ? 3 : 1000;
    else if (!network.down && !network.holding) await this.reload();
  }

  heal(): void {
    const { network } = this.page;
    network.down = network.blocked = false;
    network.twice = network.cutBeforeAnswer = () => false;
    network.release();
  }

  private async reload(): Promise<void> {
    const { network } = this.page;
    this.history = this.newHistory();
    this.page = await this.page.reload(this.listeners);
    Object.assign(this.page.network, {
      delay: network.delay,
      twice: network.twice,
      cutBeforeAnswer: network.cutBeforeAnswer,
    });
  }

  private newHistory(): History {
    return new History((operations, gesture) => this.run(operations, gesture), this.kernel);
  }

  private run(operations: readonly OperationDraft[], gesture: { step: string }) {
    const result = this.page.session.commit(operations, gesture);
    // Deleted twice is deleted once: nobody is told.
    for (const { id, op } of result.applied) if (op !== 'del') this.made.add(id);
    return result;
  }

  private readonly listeners = {
    onForeign: (change: OperationDraft, waiting: ReadonlySet<string>) =>
      this.history.carryOver(change, waiting),
    onReinverted: (step: string, target: string, operations: readonly OperationDraft[]) =>
      this.history.reinvert(step, target, operations),
    onReplaced: () => this.history.clear(),
    onNotice: ({ operations }: { operations: Operation[] }) => {
      for (const { id } of operations) this.told.add(id);
    },
  };

  private drafts(): OperationDraft[] {
    const ids = this.page.session.ids();
    const { clock } = this;
    if (ids.length < 3 || clock.pick(8) === 0) {
      const annotation = clock.pick(2) ? polygon(clock) : boxed(clock);
      return [{ op: 'put', annotation }];
    }
    const found = this.page.session.get(ids[clock.pick(ids.length)]!)!;
    return Array.from({ length: 1 + clock.pick(2) }, () => this.edit(found));
  }

  private edit(annotation: Annotation): OperationDraft {
    const { clock } = this;
    const { id: target, shape } = annotation;
    const [x, y] = [clock.pick(500), clock.pick(500)];
    const kind = clock.pick(6);
    if (kind === 0 && clock.pick(2)) return { op: 'del', target };
    if (kind === 1) {
      return {
        op: 'set',
        target,
        field: 'label_id',
        value: kLabels[clock.pick(2)],
        prev: annotation.label_id,
      };
    }
    if (kind === 2) return { op: 'reorder', target, z: ['A', 'V', 'k'][clock.pick(3)]! };
    if (kind === 3) {
      return { op: 'set', target, field: 'attributes.note', value: `note ${clock.pick(100)}` };
    }
    if (shape.type === 'box') {
      return { op: 'set', target, field: 'shape', value: { ...shape, x, y }, prev: shape };
    }
    const key = `k${1 + clock.pick(4)}`;
    if (kind === 4) return { op: 'vertex_del', target, key };
    return { op: 'vertex_set', target, key, x, y };
  }
}

const bare = (items: readonly Annotation[]) =>
  items.map((item) => ({ ...item, revision: 0 })).sort((a, b) => (a.id < b.id ? -1 : 1));

async function play(seed: number): Promise<void> {
  const clock = new TestClock(seed);
  const room = new MemoryRoom(kernel!);
  room.ackFirst = clock.pick(2) === 0;
  const people = Array.from({ length: 2 + clock.pick(3) }, (_, index) => {
    const page = new TestPage(kernel!, room, clock, `person ${index}`);
    page.network.delay = () => clock.pick(300);
    page.network.twice = () => clock.pick(10) === 0;
    page.network.cutBeforeAnswer = () => clock.pick(20) === 0;
    return new Person(kernel!, clock, page);
  });
  for (const person of people) await person.open();
  for (let turn = 0; turn < 60; turn++) {
    const person = people[clock.pick(people.length)]!;
    if (clock.pick(5) === 0) await person.disturb();
    else person.act();
    await clock.advance(clock.pick(4) === 0 ? clock.pick(8000) : clock.pick(120));
  }
  for (const person of people) person.heal();
  await clock.advance(200_000);
  check(room, people);
}

function check(room: MemoryRoom, people: readonly Person[]): void {
  const logged = room.log.map(({ id }) => id);
  expect(new Set(logged).size).toBe(logged.length);
  for (const { page, made, told } of people) {
    expect(page.state).toEqual({ kind: 'saved' });
    expect(page.outbox.rows.size).toBe(0);
    expect(page.session.confirmed()).toEqual(room.snapshot());
    expect(bare(page.session.items())).toEqual(bare(room.items));
    const missing = [...made].filter((id) => !logged.includes(id) && !told.has(id));
    expect(missing).toEqual([]);
    page.session.close();
  }
}

describe.skipIf(!kernel)('sessions of several people', () => {
  it(`converge, ${kSeeds} seeds`, { timeout: 600_000 }, async () => {
    for (let seed = 1; seed <= kSeeds; seed++) {
      await play(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
    }
  });
});
