/** An editor on the real kernel with a server in memory, driven by a person's gestures. */
import { Editor, type SegmentMask, type SegmentRequest } from '../editor/editor';
import type { PointerInput, WordInput } from '../editor/input';
import type { Label } from '../editor/labels';
import type { Kernel } from '../kernel/kernel';
import { uuidv7 } from '../kernel/ids';
import type { Annotation, Point, PolygonPart } from '../kernel/records';
import { TestClock } from '../net/clockFixture';
import { MemoryRoom } from '../net/roomFixture';
import { TestPage } from '../net/sessionFixture';
import { Toolbox } from './toolbox';

type Held = Partial<Pick<PointerInput, 'shift' | 'alt' | 'ctrl' | 'button'>>;

export class TestEditor {
  readonly notices: string[] = [];
  segment: (request: SegmentRequest, signal: AbortSignal) => Promise<SegmentMask | null> = () =>
    Promise.resolve(null);
  preview: (at: Point, signal: AbortSignal) => Promise<readonly PolygonPart[]> = () =>
    Promise.resolve([]);
  readImage: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  private constructor(
    readonly editor: Editor,
    readonly toolbox: Toolbox,
    readonly page: TestPage,
    readonly labels: Label[],
  ) {}

  static async open(kernel: Kernel, labelNames = ['car', 'dog']): Promise<TestEditor> {
    const labels = labelNames.map((name) => ({ id: uuidv7(), name, color: '#52A9FE' }));
    const late: { test: TestEditor | null } = { test: null };
    const editor: Editor = new Editor(kernel, {
      segment: (request, signal) => late.test!.segment(request, signal),
      preview: (at, signal) => late.test!.preview(at, signal),
      readImage: (signal) => late.test!.readImage(signal),
      createFirstLabel: async () => {
        await Promise.resolve();
        const label = { id: uuidv7(), name: 'object', color: '#52A9FE' };
        editor.labels.set([label]);
        return label;
      },
      refreshLabels: (): Promise<readonly Label[]> => Promise.resolve(late.test!.labels),
    });
    editor.labels.set(labels);
    editor.view.setImage({ width: 640, height: 480 });
    editor.view.setStage({ width: 640, height: 480 }, { top: 0, right: 0, bottom: 0, left: 0 });
    editor.view.camera.set({ zoom: 1, x: 0, y: 0 });
    const page = new TestPage(kernel, new MemoryRoom(kernel), new TestClock(), 'somebody');
    await page.open(editor.listeners);
    editor.attach(page.session);
    const test = new TestEditor(editor, new Toolbox(editor), page, labels);
    editor.notices.on((notice) => test.notices.push(notice.code));
    late.test = test;
    return test;
  }

  /** What the server has once everything has arrived there. */
  async stored(): Promise<Annotation[]> {
    await this.page.clock.advance(100);
    return this.page.room.items;
  }

  shapes(): Annotation[] {
    return this.editor.store.ordered().map((entry) => entry.annotation);
  }

  point(type: PointerInput['type'], at: Point, held: Held = {}): this {
    const screen = this.editor.view.toScreen(at);
    const button = held.button ?? (type === 'move' ? -1 : 0);
    const keys = { shift: false, alt: false, ctrl: false, ...held, button };
    this.toolbox.dispatch({ type, point: at, screen, ...keys });
    return this;
  }

  click(at: Point, held: Held = {}): this {
    return this.point('move', at, { ...held, button: -1 })
      .point('down', at, held)
      .point('up', at, held);
  }

  drag(from: Point, to: Point, held: Held = {}): this {
    const middle: Point = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    this.point('move', from, { ...held, button: -1 }).point('down', from, held);
    this.point('move', middle, { button: 0, ...held }).point('move', to, { button: 0, ...held });
    return this.point('up', to, held);
  }

  say(type: WordInput['type']): this {
    this.toolbox.dispatch({ type });
    return this;
  }
}
