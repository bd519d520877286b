// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { loadTestKernel } from '@/kernel/kernelFixture';
import { polygonParts, type PolygonShape, type Shape } from '@/kernel/records';
import { TestEditor } from '@/tools/testEditor';
import { TooltipProvider } from '@/ui/Tooltip';
import { NumericPanel } from './NumericPanel';
import { useSignal } from './useSignal';
import { WorkspaceContext, type Workspace } from './workspace';

const kernel = await loadTestKernel();

function Panel({ test, id }: { test: TestEditor; id: string }) {
  useSignal(test.editor.store.version);
  const entry = test.editor.store.get(id);
  return entry ? <NumericPanel annotation={entry.annotation} /> : null;
}

async function show(shape: Shape) {
  const test = await TestEditor.open(kernel!);
  const id = (await test.editor.create(shape))!;
  test.editor.select([id]);
  const workspace = { editor: test.editor, toolbox: test.toolbox } as unknown as Workspace;
  render(
    <TooltipProvider>
      <WorkspaceContext.Provider value={workspace}>
        <Panel test={test} id={id} />
      </WorkspaceContext.Provider>
    </TooltipProvider>,
  );
  const field = (name: string) => screen.getByRole('spinbutton', { name });
  const user = userEvent.setup();
  const type = async (name: string, text: string) => {
    await user.clear(field(name));
    await user.type(field(name), `${text}{Enter}`);
  };
  const now = () => test.editor.store.get(id)!.annotation.shape;
  return { test, id, field, type, now, user };
}

const kBox: Shape = { type: 'box', x: 10, y: 20, width: 100.123, height: 50 };

describe.skipIf(!kernel)('the numbers of an object', () => {
  afterEach(cleanup);

  it('show place and size, and each change is one step', async () => {
    const { test, field, type, now } = await show(kBox);
    expect(field('W')).toHaveProperty('value', '100.1');
    await type('X', '30');
    expect(now()).toMatchObject({ x: 30, y: 20, width: 100.123 });
    await type('H', '60');
    expect(now()).toMatchObject({ x: 30, height: 60 });
    act(() => void test.editor.history.undo());
    expect(now()).toMatchObject({ x: 30, height: 50 });
    expect(field('H')).toHaveProperty('value', '50');
  });

  it('round nothing that is only looked at, and take no nonsense', async () => {
    const { test, field, type, now, user } = await show(kBox);
    const before = test.editor.history.state.get().undo;
    await user.click(field('W'));
    await user.tab();
    await type('W', '');
    expect(now()).toMatchObject({ width: 100.123 });
    expect(test.editor.history.state.get().undo).toBe(before);
    await type('W', '-5');
    expect((now() as { width: number }).width).toBeGreaterThan(0);
  });

  it('leave alone what is locked', async () => {
    const { test, id, type, now } = await show(kBox);
    act(() => test.editor.guarded.set(new Set([id])));
    await type('X', '300');
    expect(now()).toMatchObject({ x: 10 });
  });

  it('move and stretch a polygon as a whole', async () => {
    const points: [number, number][] = [
      [10, 10],
      [60, 10],
      [30, 50],
    ];
    const { type, now } = await show({ type: 'polygon', parts: [{ points }] });
    const drawn = () => polygonParts(now() as PolygonShape)[0]!.points;
    await type('X', '20');
    expect(drawn()).toEqual([
      [20, 10],
      [70, 10],
      [40, 50],
    ]);
    await type('W', '100');
    expect(drawn()).toEqual([
      [20, 10],
      [120, 10],
      [60, 50],
    ]);
  });
});
