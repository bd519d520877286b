import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uuidv7 } from '../kernel/ids';
import { loadTestKernel } from '../kernel/kernelFixture';
import type { Annotation, Operation, OperationDraft } from '../kernel/records';
import { History } from './history';
import { titled } from './stepTitles';

const kernel = await loadTestKernel();
const kLabels = [uuidv7(), uuidv7()];
const kIds = Array.from({ length: 4 }, () => uuidv7());

const coordinate = fc.integer({ min: 0, max: 500 });
const target = fc.constantFrom(...kIds);
const boxShape = fc.record({
  type: fc.constant('box' as const),
  x: coordinate,
  y: coordinate,
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
});
const polygonShape = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 6 })
  .map((points) => ({
    type: 'polygon' as const,
    parts: [{ points, keys: points.map((_, index) => `k${index + 1}`) }],
  }));
const shape = fc.oneof(boxShape, polygonShape);
const key = fc.integer({ min: 1, max: 6 }).map((index) => `k${index}`);

const draft: fc.Arbitrary<OperationDraft> = fc.oneof(
  fc.record({
    op: fc.constant('put' as const),
    annotation: fc.record({
      id: target,
      label_id: fc.constantFrom(...kLabels),
      shape,
      attributes: fc.constant({}),
    }) as fc.Arbitrary<Annotation>,
  }),
  fc.record({ op: fc.constant('del' as const), target }),
  fc.record({
    op: fc.constant('set' as const),
    target,
    field: fc.constant('label_id'),
    value: fc.constantFrom(...kLabels),
  }),
  fc.record({ op: fc.constant('set' as const), target, field: fc.constant('shape'), value: shape }),
  fc.record({
    op: fc.constant('set' as const),
    target,
    field: fc.constant('attributes.occluded'),
    value: fc.constantFrom(true, false, null),
  }),
  fc.record({ op: fc.constant('vertex_set' as const), target, key, x: coordinate, y: coordinate }),
  fc.record({ op: fc.constant('vertex_del' as const), target, key }),
  fc.record({ op: fc.constant('reorder' as const), target, z: fc.constantFrom('A', 'V', 'k') }),
);

/** A document, and the runner a session would be for it. */
function makeDocument() {
  const document = kernel!.createDocument();
  document.load({ revision: 0, items: [] });
  const run = (operations: readonly OperationDraft[]) => {
    const applied: Operation[] = [];
    const inverse: OperationDraft[] = [];
    for (const each of operations) {
      const operation = { ...each, id: uuidv7() } as Operation;
      const undo = document.invert(operation);
      if (!document.apply(operation).ok) continue;
      applied.push(operation);
      inverse.unshift(...undo);
    }
    return { applied, inverse };
  };
  const state = () => document.items().map((item) => ({ ...item, revision: 0 }));
  return { run, state, history: new History(run, kernel!) };
}

describe.skipIf(!kernel)('history', () => {
  it('undoes to the very beginning and redoes to the very end', () => {
    fc.assert(
      fc.property(fc.array(fc.array(draft, { minLength: 1, maxLength: 3 })), (steps) => {
        const { run, state, history } = makeDocument();
        const states = [state()];
        for (const operations of steps) {
          const { applied, inverse } = run(operations);
          if (applied.length === 0) continue;
          history.record({ step: uuidv7(), title: 'step', operations: inverse });
          states.push(state());
        }
        for (let i = states.length - 2; i >= 0; i--) {
          history.undo();
          expect(state()).toEqual(states[i]);
        }
        expect(history.undo()).toBeNull();
        for (let i = 1; i < states.length; i++) {
          history.redo();
          expect(state()).toEqual(states[i]);
        }
        expect(history.redo()).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('forgets what was undone once something new is done', () => {
    const { run, history } = makeDocument();
    const put = (x: number): OperationDraft => ({
      op: 'put',
      annotation: {
        id: uuidv7(),
        label_id: kLabels[0]!,
        shape: { type: 'box', x, y: 0, width: 5, height: 5 },
        attributes: {},
      },
    });
    history.record({ step: uuidv7(), title: 'one', operations: run([put(1)]).inverse });
    history.undo();
    expect(history.state.get()).toEqual({ undo: null, redo: 'one' });
    history.record({ step: uuidv7(), title: 'two', operations: run([put(2)]).inverse });
    expect(history.state.get()).toEqual({ undo: 'two', redo: null });
  });

  it('skips a step whose object is gone', () => {
    const { run, history } = makeDocument();
    const id = uuidv7();
    const shapeAt = (x: number) => ({ type: 'box' as const, x, y: 0, width: 5, height: 5 });
    const annotation = { id, label_id: kLabels[0]!, shape: shapeAt(0), attributes: {} };
    const other = { ...annotation, id: uuidv7() };
    history.record({
      step: uuidv7(),
      title: 'add',
      operations: run([{ op: 'put', annotation: other }]).inverse,
    });
    run([{ op: 'put', annotation }]);
    const move = { op: 'set', target: id, field: 'shape', value: shapeAt(9) } as const;
    history.record({ step: uuidv7(), title: 'move', operations: run([move]).inverse });
    run([{ op: 'del', target: id }]);
    expect(history.undo()).toBe('add');
  });

  describe('with somebody else at the same image', () => {
    const boxAt = (x: number) => ({ type: 'box' as const, x, y: 0, width: 10, height: 10 });
    const annotation = { id: uuidv7(), label_id: kLabels[0]!, shape: boxAt(0), attributes: {} };
    const target = annotation.id;
    const set = (field: string, value: unknown, prev?: unknown): OperationDraft => ({
      op: 'set',
      target,
      field,
      value,
      ...(prev !== undefined && { prev }),
    });
    const move = (from: number, to: number) => set('shape', boxAt(to), boxAt(from));

    function makePair() {
      const { run, state, history } = makeDocument();
      run([{ op: 'put', annotation }]);
      const own = (title: string, ...operations: OperationDraft[]) =>
        history.record({ step: uuidv7(), title, operations: run(operations).inverse });
      const theirs = (...operations: OperationDraft[]) => {
        for (const operation of operations) {
          history.carryOver(operation);
          run([operation]);
        }
      };
      const now = () => state()[0]!;
      return { history, own, theirs, now };
    }

    it('takes back its own part and leaves theirs', () => {
      const { history, own, theirs, now } = makePair();
      own('move', move(0, 50));
      theirs(set('label_id', kLabels[1]));
      expect(history.undo()).toBe('move');
      expect(now()).toMatchObject({ label_id: kLabels[1], shape: boxAt(0) });
      theirs(set('attributes.note', 'seen'));
      expect(history.redo()).toBe('move');
      expect(now()).toMatchObject({ shape: boxAt(50), attributes: { note: 'seen' } });
    });

    it('passes over a step of which nothing is left, and says so', () => {
      const { history, own, theirs, now } = makePair();
      const skipped: string[] = [];
      history.skipped.on((title) => skipped.push(title));
      own('label', set('label_id', kLabels[1], kLabels[0]));
      own('move', move(0, 50));
      theirs(move(50, 80));
      expect(history.undo()).toBe('label');
      expect(skipped).toEqual(['move']);
      expect(now()).toMatchObject({ shape: boxAt(80), label_id: kLabels[0] });
    });

    it('takes back two moves of one box one after the other, across their change', () => {
      const { history, own, theirs, now } = makePair();
      own('first', move(0, 20));
      own('second', move(20, 40));
      theirs(set('attributes.note', 'seen'));
      history.undo();
      expect(now().shape).toEqual(boxAt(20));
      history.undo();
      expect(now()).toMatchObject({ shape: boxAt(0), attributes: { note: 'seen' } });
    });

    it('goes on with steps of earlier visits, once each', () => {
      const { history, own, now } = makePair();
      own('now', move(0, 20));
      const label = [set('label_id', kLabels[1])];
      const earlier = titled([{ step: uuidv7(), operations: label }]);
      history.fill(earlier, []);
      history.fill(earlier, []);
      expect(history.undo()).toBe('now');
      expect(history.undo()).toBe('Change label');
      expect(now().label_id).toBe(kLabels[1]);
      expect(history.undo()).toBeNull();
    });
  });
});

it('names steps of which only the way back is known', () => {
  const target = kIds[0]!;
  const names = (...operations: OperationDraft[]) => titled([{ step: '', operations }])[0]!.title;
  expect(names({ op: 'del', target })).toBe('Add object');
  expect(names({ op: 'vertex_set', target, key: 'k', x: 0, y: 0 })).toBe('Move vertex');
  expect(names({ op: 'del', target }, { op: 'reorder', target, z: null })).toBe('Edit');
  expect(names()).toBe('Edit');
});
