import { describe, expect, it } from 'vitest';
import { loadTestKernel } from '../kernel/kernelFixture';
import type { BoxShape } from '../kernel/records';
import { TestEditor } from '../tools/testEditor';
import { commandById } from './commands/all';
import type { CommandContext, PageActions } from './commands/command';
import { makePast } from './past';
import { presenceOf, showPresence } from './showing';

const kernel = await loadTestKernel();
const settle = () => new Promise((done) => setTimeout(done, 0));

async function withBoxes(): Promise<TestEditor> {
  const test = await TestEditor.open(kernel!);
  test.editor.tool.set('box');
  test.drag([10, 10], [60, 60]).drag([100, 100], [160, 160]);
  await settle();
  test.editor.tool.set('select');
  return test;
}

describe.skipIf(!kernel)('an earlier state', () => {
  it('is shown, compared with now, and left again', async () => {
    const test = await withBoxes();
    const [a, b] = test.shapes();
    const gone = { ...a!, id: 'gone' };
    const moved = { ...b!, shape: { ...(b!.shape as BoxShape), x: 90 } };
    test.editor.travel(makePast(1, '2026-11-26T14:32:00Z', [moved, gone]));
    expect(
      test
        .shapes()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([b!.id, 'gone'].sort());
    const diff = test.editor.pastDiff.get().map(({ kind, id }) => `${kind} ${id}`);
    expect(diff.sort()).toEqual([`added ${a!.id}`, `changed ${b!.id}`, 'removed gone']);
    test.editor.travel(null);
    expect(test.shapes()).toEqual([a, b]);
    expect(test.editor.pastDiff.get()).toEqual([]);
  });

  it('cannot be changed, by tool, grip or undo', async () => {
    const test = await withBoxes();
    const before = test.shapes();
    test.editor.travel(makePast(1, '', before));
    const sent = test.editor.door!.pendingCount;
    test.click([35, 35]).drag([35, 35], [200, 200]);
    expect(test.editor.commit('Delete', [{ op: 'del', target: before[0]!.id }])).toBe(false);
    const context = { editor: test.editor, page: {} as PageActions } as CommandContext;
    expect(commandById('edit.undo').enabled!(context)).toBe(false);
    expect(test.notices).toContain('in_the_past');
    test.editor.travel(null);
    expect(test.shapes()).toEqual(before);
    expect(test.editor.door!.pendingCount).toBe(sent);
    expect(commandById('edit.undo').enabled!(context)).toBe(true);
  });

  it('is the same for who may only look', async () => {
    const test = await withBoxes();
    test.editor.company.canWrite.set(false);
    expect(test.editor.commit('Delete', [{ op: 'del', target: test.shapes()[0]!.id }])).toBe(false);
    expect(test.notices).toContain('read_only');
  });
});

describe.skipIf(!kernel)('what one shows to others', () => {
  it('is where one points, what one holds, and what one sees', async () => {
    const test = await withBoxes();
    test.editor.view.pointer.set([12.345, 7]);
    const [first] = test.shapes();
    test.editor.select([first!.id]);
    expect(presenceOf(test.editor)).toEqual({
      cursor: [12.3, 7],
      selection: [first!.id],
      tool: 'select',
      view: [320, 240, 1],
      frame: null,
    });
  });

  it('holds an object while it is dragged, and says when somebody else does too', async () => {
    const test = await withBoxes();
    const [first] = test.shapes();
    const told: string[] = [];
    const stop = showPresence(test.editor, {
      show: () => {},
      lock: (id) => told.push(`lock ${id}`),
      unlock: (id) => told.push(`unlock ${id}`),
    });
    const { company } = test.editor;
    const user = { id: 'u', name: 'Ana', color: '#112233' };
    company.onConnection('live');
    company.onPresence([{ s: 'a', user }], []);
    company.onLocks([{ target: first!.id, s: 'a' }]);
    test.click([35, 35]).drag([35, 35], [60, 40]);
    stop();
    expect(told).toEqual([`lock ${first!.id}`, `unlock ${first!.id}`]);
    const [line] = test.editor.meanwhile.lines.get();
    expect([line?.kind, line?.by, line?.objects[0]?.id]).toEqual(['held', 'u', first!.id]);
  });
});

describe.skipIf(!kernel)('beginning a comment', () => {
  it('on a spot leaves the tool, on the selection needs none', async () => {
    const test = await withBoxes();
    const { editor } = test;
    const context = { editor } as CommandContext;
    editor.select([]);
    commandById('comment.place').run(context);
    expect(editor.tool.get()).toBe('comment');
    test.click([700, 20]);
    expect(editor.discussion.draft.get()).toEqual({ at: [640, 20] });
    expect(editor.tool.get()).toBe('select');
    const [first] = test.shapes();
    editor.select([first!.id]);
    commandById('comment.place').run(context);
    expect(editor.discussion.draft.get()).toEqual({ annotationId: first!.id });
  });

  it('works without a pointer, and Escape goes back', async () => {
    const test = await withBoxes();
    test.editor.tool.set('comment');
    test.say('complete');
    expect(test.editor.discussion.draft.get()).toEqual({ at: [320, 240] });
    test.editor.tool.set('comment');
    test.say('cancel');
    expect(test.editor.tool.get()).toBe('select');
  });
});
