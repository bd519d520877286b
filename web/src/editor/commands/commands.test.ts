/** Commands as keys and menus run them, on the real kernel. */
import { beforeEach, expect, test, vi } from 'vitest';
import { loadTestKernel } from '../../kernel/kernelFixture';
import type { Shape } from '../../kernel/records';
import { TestEditor } from '../../tools/testEditor';
import type { Editor } from '../editor';
import { colorings, kPlainLook, kPlainTone } from '../look';
import { commandById, kCommands } from './all';
import { commandTitle, type CommandContext, type PageActions } from './command';

const kernel = await loadTestKernel();
let rig: TestEditor;
let editor: Editor;
let context: CommandContext;
let asked: string[];

/** The page around the editor: notes what it is asked for. */
function pageOf(answers: Record<string, unknown>): PageActions {
  const note = (name: string) => (value?: unknown) => {
    asked.push(value === undefined ? name : `${name} ${String(value)}`);
    return answers[name];
  };
  return new Proxy({} as PageActions, { get: (_, name) => note(String(name)) });
}

beforeEach(async (run) => {
  if (!kernel) return run.skip();
  rig = await TestEditor.open(kernel);
  editor = rig.editor;
  asked = [];
  const dispatch: CommandContext['dispatch'] = (input) => rig.toolbox.dispatch(input);
  context = { editor, page: pageOf({ stopWaiting: false }), dispatch };
});

const box = (x: number, y: number): Shape => ({ type: 'box', x, y, width: 40, height: 40 });
const draw = async (x: number, y = 0) => (await editor.create(box(x, y), {}))!;
const may = (id: string) => commandById(id).enabled?.(context) ?? true;
const run = (id: string) => commandById(id).run(context);

test('every command has a title of words, and an id of its own', () => {
  const ids = kCommands.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const command of kCommands) {
    expect(commandTitle(command), command.id).not.toMatch(/^\w+\.\w+\./);
  }
  expect(() => commandById('nothing')).toThrow(/nothing/);
});

test('what needs a selection is off without one', async () => {
  const needy = ['object.lock', 'object.pin', 'edit.propagate', 'view.hide', 'view.selection'];
  const id = await draw(0);
  editor.select([]);
  expect(needy.filter(may)).toEqual([]);
  editor.select([id]);
  expect(needy.filter(may)).toEqual(needy);
  expect(may('object.group')).toBe(false);
});

test('locking is told, and locked objects are deleted only on purpose', async () => {
  const said: string[] = [];
  editor.announcements.on((text) => said.push(text));
  const id = await draw(0);
  editor.select([id]);
  run('object.lock');
  expect(editor.mayChange(id)).toBe(false);
  run('object.lock');
  expect(editor.mayChange(id)).toBe(true);
  expect(said.slice(-2)[0]).not.toBe(said.slice(-2)[1]);
  run('object.lockAll');
  editor.select([id]);
  run('edit.delete');
  expect(rig.shapes()).toHaveLength(1);
  run('object.deleteLocked');
  expect(rig.shapes()).toEqual([]);
});

test('objects are grouped, chosen as a group and parted', async () => {
  const [a, b] = [await draw(0), await draw(100)];
  editor.select([a, b]);
  run('object.group');
  editor.select([a]);
  run('object.selectGroup');
  expect([...editor.selection.get()].sort()).toEqual([a, b].sort());
  run('object.ungroup');
  expect(may('object.ungroup')).toBe(false);
});

test('two objects are related at once; else the tool asks which', async () => {
  const [a, b] = [await draw(0), await draw(100)];
  editor.select([a, b]);
  run('tool.relation');
  expect(editor.store.get(a)?.annotation.relations?.map(({ to }) => to)).toEqual([b]);
  editor.select([a]);
  run('tool.relation');
  expect(editor.tool.get()).toBe('relation');
});

test('hiding goes both ways, for the selection and for all', async () => {
  const [a, b] = [await draw(0), await draw(100)];
  const hidden = () => [a, b].filter((id) => editor.hidden.get().has(id));
  editor.select([a]);
  run('view.hide');
  expect(hidden()).toEqual([a]);
  run('view.hideAll');
  expect(hidden()).toEqual([a, b]);
  run('view.hideAll');
  expect(hidden()).toEqual([]);
});

test('the view shows the whole selection, and zooms about its middle', async () => {
  const [a, b] = [await draw(0), await draw(500, 300)];
  editor.select([a, b]);
  run('view.selection');
  for (const corner of [
    [0, 0],
    [540, 340],
  ] as const) {
    const [x, y] = editor.view.toScreen([...corner]);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(640);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(480);
  }
  run('view.actual');
  const middle = editor.view.toImage([320, 240]);
  run('view.in');
  expect(editor.view.camera.get().zoom).toBeCloseTo(1.25);
  expect(editor.view.toImage([320, 240])[0]).toBeCloseTo(middle[0]);
  run('view.out');
  expect(editor.view.camera.get().zoom).toBeCloseTo(1);
});

test('turns and flips are undone by standing upright', () => {
  run('view.fit');
  const before = editor.view.toScreen([10, 20]);
  for (const id of ['view.turnRight', 'view.turnRight', 'view.turnLeft', 'view.flipX']) run(id);
  expect(editor.view.toScreen([10, 20])).not.toEqual(before);
  run('view.upright');
  run('view.fit');
  editor.view.toScreen([10, 20]).forEach((value, at) => expect(value).toBeCloseTo(before[at]!));
});

test('switches of the look go on and off; colourings come round', () => {
  for (const name of ['outlineOnly', 'minimap', 'rulers', 'grid', 'loupe', 'crosshair'] as const) {
    run(`view.${name}`);
    expect(editor.look.get()[name], name).toBe(!kPlainLook[name]);
    run(`view.${name}`);
    expect(editor.look.get()[name], name).toBe(kPlainLook[name]);
  }
  const seen = colorings.map(() => (run('view.nextColoring'), editor.look.get().colorBy));
  expect(seen).toEqual([...colorings.slice(1), colorings[0]]);
  editor.look.update((look) => ({ ...look, tone: { ...kPlainTone, invert: true } }));
  run('view.plainTone');
  expect(editor.look.get().tone).toEqual(kPlainTone);
});

test('Escape ends one thing at a time: a person followed, a wait, then the selection', async () => {
  const id = await draw(0);
  editor.tool.set('select');
  editor.select([id]);
  editor.company.following.set('bob');
  run('tool.cancel');
  expect(editor.company.following.get()).toBeNull();
  context.page = pageOf({ stopWaiting: true });
  run('tool.cancel');
  expect([...editor.selection.get()]).toEqual([id]);
  context.page = pageOf({ stopWaiting: false });
  run('tool.cancel');
  expect(editor.selection.get().size).toBe(0);
});

test('a focused suggestion is accepted, rejected or left', () => {
  run('ai.accept');
  expect(asked).toEqual([]);
  editor.focusedGhost.set('g');
  run('ai.accept');
  run('ai.reject');
  expect(asked).toEqual(['acceptSuggestion g', 'rejectSuggestion g']);
  run('ai.leave');
  expect(editor.focusedGhost.get()).toBeNull();
});

test.each([
  ['page.next', 'nextImage'],
  ['page.previous', 'previousImage'],
  ['page.save', 'saveNow'],
  ['page.export', 'openExport'],
  ['page.palette', 'openPalette'],
  ['page.keys', 'openKeys'],
  ['page.help', 'openHelp'],
  ['page.note', 'openNote'],
  ['object.find', 'findObjects'],
  ['object.menu', 'openMenu'],
  ['edit.propagate', 'openPropagate'],
  ['edit.repeatPrevious', 'repeatPrevious'],
])('%s asks the page to %s', (id, action) => {
  run(id);
  expect(asked).toEqual([action]);
});

test('a comment is begun on the one object chosen, else where is pressed', async () => {
  const begin = vi.spyOn(editor.discussion, 'begin');
  const id = await draw(0);
  editor.select([id]);
  run('comment.place');
  expect(begin).toHaveBeenCalledWith({ annotationId: id });
  editor.select([]);
  run('comment.place');
  expect(editor.tool.get()).toBe('comment');
});

test('tags are put on the image and taken off by number', async () => {
  editor.labels.set([]);
  expect(may('tag.1')).toBe(false);
  editor.labels.set([{ ...rig.labels[0]!, kind: 'tag' }]);
  expect([may('tag.1'), may('tag.2')]).toEqual([true, false]);
  run('tag.1');
  await vi.waitFor(() => expect(rig.shapes().map(({ shape }) => shape.type)).toEqual(['tag']));
  run('tag.1');
  await vi.waitFor(() => expect(rig.shapes()).toEqual([]));
});
