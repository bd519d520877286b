/** Objects of an editor on the real kernel: filter, rows, groups, relations, order, warnings. */
import { beforeEach, describe, expect, it } from 'vitest';
import { loadTestKernel } from '../../kernel/kernelFixture';
import type { Annotation, Shape } from '../../kernel/records';
import { TestEditor } from '../../tools/testEditor';
import { deleteObjects } from '../commands/editCommands';
import { relabel } from '../commands/labelCommands';
import type { Editor } from '../editor';
import { pasteClip, selectedClip } from './clipboardUse';
import { kEverything, readCriteria } from './filter';
import { groupSelection, membersOf, selectWholeGroups, ungroupSelection } from './groups';
import { toggleMark } from './marks';
import { bringForward, bringToFront, sendBackward, sendToBack } from './order';
import { arrowsAt, relate, renameArrow, unrelate } from './relations';
import { ObjectRows } from './rows';
import { toggleTag } from './tags';

const kernel = await loadTestKernel();
let test: TestEditor;
let editor: Editor;
beforeEach(async (context) => {
  if (!kernel) return context.skip();
  test = await TestEditor.open(kernel);
  editor = test.editor;
});

const box = (x: number, y: number, width = 40, height = 40): Shape => ({
  type: 'box',
  x,
  y,
  width,
  height,
});

async function draw(shape: Shape, extra: Partial<Annotation> = {}): Promise<string> {
  return (await editor.create(shape, extra))!;
}

const visible = () =>
  editor.store
    .ordered()
    .filter((entry) => editor.isVisible(entry))
    .map((entry) => entry.annotation.id);

describe('filter', () => {
  it('asks for label, score, source, shape, attribute, number and text', async () => {
    const [car, dog] = test.labels;
    const a = await draw(box(0, 0), { score: 0.4, source: 'model', attributes: { color: 'Red' } });
    const b = await draw(box(100, 0), { label_id: dog!.id });
    const c = await draw({ type: 'points', points: [[5, 5]] }, { group: 'front row' });
    const finds = (part: object, ids: string[]) => {
      editor.filter.set({ ...kEverything, ...part });
      expect(visible(), JSON.stringify(part)).toEqual(ids);
    };
    finds({ labels: [car!.id] }, [a, c]);
    finds({ minScore: 0.5 }, [b, c]);
    finds({ maxScore: 0.9 }, [a]);
    finds({ sources: ['model'] }, [a]);
    finds({ shapes: ['points'] }, [c]);
    finds({ attributes: [{ name: 'color', value: 'Red' }] }, [a]);
    finds({ attributes: [{ name: 'color', value: null }] }, [a]);
    finds({ text: 'DO' }, [b]);
    finds({ text: 'red' }, [a]);
    finds({ text: 'color:red car' }, [a]);
    finds({ text: '#2' }, [b]);
    finds({ text: 'front' }, [c]);
    finds({ text: 'nothing' }, []);
    editor.filter.clear();
    expect(visible()).toEqual([a, b, c]);
  });

  it('follows changes of what it asked for and leaves nothing to click on', async () => {
    const a = await draw(box(0, 0));
    editor.filter.patch({ labels: [test.labels[1]!.id] });
    expect(editor.pick(0, 20)).toEqual([]);
    editor.commit('label', [
      { op: 'set', target: a, field: 'label_id', value: test.labels[1]!.id },
    ]);
    expect(visible()).toEqual([a]);
    expect(editor.pick(0, 20)).toEqual([a]);
  });

  it('reads what is stored as far as it makes sense', () => {
    expect(readCriteria(null)).toEqual(kEverything);
    expect(readCriteria({ labels: ['a', 3], minScore: 7, sources: ['model', 'x'] })).toEqual({
      ...kEverything,
      labels: ['a'],
      sources: ['model'],
    });
  });
});

describe('rows', () => {
  it('list the topmost first, with numbers by age', async () => {
    const rows = new ObjectRows(editor);
    const ids = [await draw(box(0, 0)), await draw(box(9, 9)), await draw(box(99, 9))];
    expect(rows.layout().sections[0]!.ids).toEqual([...ids].reverse());
    expect(ids.map((id) => editor.ages.numberOf(id))).toEqual([1, 2, 3]);
    editor.select([ids[0]!]);
    bringToFront(editor);
    expect(rows.layout().at(0)).toMatchObject({
      kind: 'object',
      id: ids[0],
      position: 1,
      count: 3,
    });
    expect(editor.ages.numberOf(ids[0]!)).toBe(1);
    deleteObjects(editor, [ids[0]!]);
    expect(ids.map((id) => editor.ages.numberOf(id))).toEqual([0, 1, 2]);
  });

  it('are headed by labels and groups, which close', async () => {
    const rows = new ObjectRows(editor);
    const a = await draw(box(0, 0));
    const b = await draw(box(9, 9), { label_id: test.labels[1]!.id });
    const c = await draw(box(99, 9));
    rows.grouping.set('label');
    const layout = rows.layout();
    expect(layout.sections.map(({ title, ids }) => [title, ids])).toEqual([
      ['car', [c, a]],
      ['dog', [b]],
    ]);
    expect(layout.at(4)).toMatchObject({ id: b, level: 2, position: 1, count: 1 });
    expect([layout.indexOf(a), layout.sectionIndex(layout.sections[1]!.key)]).toEqual([2, 3]);
    rows.toggle(layout.sections[0]!.key);
    expect([rows.layout().count, rows.layout().objects]).toEqual([3, 3]);
    expect(rows.layout().indexOf(a)).toBe(-1);
    editor.select([a, b]);
    groupSelection(editor);
    rows.grouping.set('group');
    expect(rows.layout().sections.map(({ title, ids }) => [title, ids])).toEqual([
      ['Group 1', [b, a]],
      ['In no group', [c]],
    ]);
  });

  it('stay as they are while a shape is edited', async () => {
    const rows = new ObjectRows(editor);
    const a = await draw(box(0, 0));
    const before = rows.layout();
    editor.commit('move', [{ op: 'set', target: a, field: 'shape', value: box(5, 5) }]);
    expect(rows.layout()).toBe(before);
    editor.commit('label', [
      { op: 'set', target: a, field: 'label_id', value: test.labels[1]!.id },
    ]);
    expect(rows.layout()).not.toBe(before);
  });

  it('find their place among 100,000', () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => ({
      id: `id-${String(i).padStart(6, '0')}`,
      label_id: test.labels[i % 2]!.id,
      shape: { type: 'tag' } as const,
      attributes: {},
    }));
    const rows = new ObjectRows(editor);
    rows.grouping.set('label');
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    editor.store.sync({ get: (id) => byId.get(id) ?? null, items: () => entries }, null);
    const layout = rows.layout();
    expect(layout.count).toBe(100_002);
    const row = layout.at(77_777);
    expect(row?.kind === 'object' && layout.indexOf(row.id)).toBe(77_777);
    expect(editor.ages.numberOf('id-099999')).toBe(100_000);
  });
});

describe('groups, marks and tags', () => {
  it('group and ungroup in one step each', async () => {
    const [a, b, c] = [await draw(box(0, 0)), await draw(box(9, 9)), await draw(box(99, 9))];
    editor.select([a, b]);
    groupSelection(editor);
    const { group } = editor.store.get(a)!.annotation;
    expect(group).toBeTruthy();
    expect(membersOf(editor, new Set([group!]))).toEqual([a, b]);
    editor.select([a]);
    selectWholeGroups(editor);
    expect([...editor.selection.get()]).toEqual([a, b]);
    editor.select([a, b, c]);
    groupSelection(editor);
    expect(editor.store.get(c)!.annotation.group).toBe(group);
    ungroupSelection(editor);
    expect(editor.store.get(b)!.annotation.group ?? null).toBeNull();
    editor.history.undo();
    expect(editor.store.get(b)!.annotation.group).toBe(group);
  });

  it('what is locked is not deleted by the way', async () => {
    const [a, b] = [await draw(box(0, 0)), await draw(box(99, 9))];
    toggleMark(editor.guarded, [a]);
    deleteObjects(editor, [a, b]);
    expect(test.shapes().map(({ id }) => id)).toEqual([a]);
    expect(test.notices).toContain('object_locked');
    deleteObjects(editor, [a], true);
    expect(test.shapes()).toEqual([]);
  });

  it('a tag comes and goes', () => {
    expect(toggleTag(editor, test.labels[1]!)).toBe(true);
    expect(test.shapes()).toMatchObject([{ shape: { type: 'tag' }, label_id: test.labels[1]!.id }]);
    expect(toggleTag(editor, test.labels[1]!)).toBe(false);
    expect(test.shapes()).toEqual([]);
  });
});

describe('relations', () => {
  it('lead from one to another, are renamed and end', async () => {
    const [a, b] = [await draw(box(0, 0)), await draw(box(99, 9))];
    expect(relate(editor, a, b)).toBe(true);
    expect(relate(editor, a, a)).toBe(false);
    const [arrow] = arrowsAt(editor, b);
    expect(arrow).toEqual({ from: a, to: b, kind: '' });
    renameArrow(editor, arrow!, 'pulls');
    expect((await test.stored()).find(({ id }) => id === a)!.relations).toEqual([
      { to: b, kind: 'pulls' },
    ]);
    deleteObjects(editor, [b]);
    expect(arrowsAt(editor, a)).toEqual([]);
    editor.history.undo();
    expect(arrowsAt(editor, a)).toEqual([{ from: a, to: b, kind: 'pulls' }]);
    unrelate(editor, { from: a, to: b, kind: 'pulls' });
    expect(arrowsAt(editor, b)).toEqual([]);
  });

  it('are drawn by the tool: from, then to', async () => {
    const [a, b] = [await draw(box(0, 0)), await draw(box(200, 9))];
    editor.select([]);
    editor.tool.set('relation');
    test.click([20, 20]).point('move', [210, 20]);
    expect(editor.overlay.get().painters.size).toBe(1);
    test.click([220, 30]);
    expect(arrowsAt(editor, a)).toEqual([{ from: a, to: b, kind: '' }]);
    expect(editor.overlay.get().painters.size).toBe(0);
    test.say('cancel');
    expect(editor.tool.get()).toBe('select');
  });
});

describe('order', () => {
  it('goes one step, past what it overlaps, and all the way', async () => {
    const [a, b, c, d] = [
      await draw(box(0, 0)),
      await draw(box(200, 200)),
      await draw(box(20, 20)),
      await draw(box(30, 30)),
    ];
    const order = () =>
      test
        .shapes()
        .map(({ id }) => 'abcd'[[a, b, c, d].indexOf(id)])
        .join('');
    editor.select([a]);
    bringForward(editor);
    expect(order()).toBe('bcad');
    bringForward(editor);
    expect(order()).toBe('bcda');
    sendBackward(editor);
    expect(order()).toBe('bcad');
    sendToBack(editor);
    expect(order()).toBe('abcd');
    bringToFront(editor);
    expect(order()).toBe('bcda');
    editor.select([c, d]);
    sendBackward(editor);
    expect(order()).toBe('cdba');
  });
});

describe('warnings', () => {
  const kinds = (id: string) => editor.warnings.of(id).map(({ kind }) => kind);

  it('name what is wrong and go when it is mended', async () => {
    const a = await draw(box(620, 20));
    const twin = await draw(box(100, 100));
    const other = await draw(box(100, 100, 40, 41));
    const tiny = await draw(box(300, 300, 2, 9));
    const crossed = await draw({
      type: 'polygon',
      points: [
        [10, 10],
        [60, 60],
        [60, 10],
        [10, 60],
      ],
    });
    editor.warnings.work();
    expect(kinds(a)).toEqual(['outside']);
    expect(kinds(twin)).toEqual(['duplicate']);
    expect(editor.warnings.of(other)).toEqual([{ kind: 'duplicate', detail: twin }]);
    expect(kinds(tiny)).toEqual(['small']);
    expect(kinds(crossed)).toEqual(['crossing']);
    expect(editor.warnings.count).toBe(5);
    editor.filter.patch({ warned: true });
    expect(visible()).toHaveLength(5);
    editor.commit('move', [{ op: 'set', target: other, field: 'shape', value: box(200, 200) }]);
    editor.warnings.work();
    expect([kinds(twin), kinds(other)]).toEqual([[], []]);
    deleteObjects(editor, [a]);
    expect(editor.warnings.count).toBe(2);
  });

  it('follow the labels', async () => {
    const a = await draw(box(0, 0));
    const [car, dog] = test.labels;
    editor.labels.set([
      { ...car!, attributes: [{ name: 'color', kind: 'text', required: true }] },
      { ...dog!, kind: 'polygon' },
    ]);
    editor.warnings.work();
    expect(editor.warnings.of(a)).toEqual([{ kind: 'missing', detail: 'color' }]);
    editor.commit('label', [{ op: 'set', target: a, field: 'label_id', value: dog!.id }]);
    editor.warnings.work();
    expect(kinds(a)).toEqual(['wrong_kind']);
    editor.labels.set([car!]);
    editor.warnings.work();
    expect(kinds(a)).toEqual(['label_gone']);
  });
});

it('a new label takes only the attributes that it has, and undo brings them back', async () => {
  const [car, dog] = test.labels;
  editor.labels.set([{ ...car!, attributes: [{ name: 'color', kind: 'text' }] }, dog!]);
  const a = await draw(box(0, 0), { attributes: { color: 'red' } });
  relabel(editor, [a], dog!.id);
  expect(editor.store.get(a)!.annotation).toMatchObject({ label_id: dog!.id, attributes: {} });
  editor.history.undo();
  expect(editor.store.get(a)!.annotation).toMatchObject({
    label_id: car!.id,
    attributes: { color: 'red' },
  });
});

it('a paste is one step, keeps the pile and stays on the image', async () => {
  await draw(box(600, 440));
  const clip = selectedClip(editor);
  const [copy] = pasteClip(editor, clip, 1, 'Paste');
  expect(editor.store.get(copy!)!.annotation.shape).toMatchObject({ x: 600, y: 440 });
  expect([...editor.selection.get()]).toEqual([copy]);
  editor.history.undo();
  expect(test.shapes()).toHaveLength(1);
});
