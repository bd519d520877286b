/**
 * The AI click tool: a click marks what belongs to the object, Alt or the right button what does
 * not, a drag gives a box. The answer is a preview until Enter makes it an object, or, with an
 * object taken up to be refined, its new shape. Before the first click the mask under the pointer
 * is shown.
 */
import type { Editor, ToolId } from '../../editor/editor';
import { Tool } from '../toolNode';
import { HoverPreview } from './hoverPreview';
import { ImageReading } from './imageReading';
import { Prompter } from './prompter';
import { Refinement } from './refinement';
import { SegmentBoxing } from './segmentBoxing';
import { SegmentIdle } from './segmentIdle';
import { SegmentPressing } from './segmentPressing';

export class SegmentTool extends Tool {
  readonly refinement: Refinement;
  readonly prompter: Prompter;
  readonly hover: HoverPreview;
  private readonly reading: ImageReading;
  private stopListening = () => {};

  constructor(editor: Editor) {
    super(editor, [SegmentIdle, SegmentPressing, SegmentBoxing]);
    this.refinement = new Refinement(editor);
    this.prompter = new Prompter(editor, this.refinement);
    this.hover = new HoverPreview(editor);
    this.reading = new ImageReading(editor);
  }

  override activate(before?: ToolId): void {
    // Who had it selected to edit it wants to go on with it; who was drawing wants a new one.
    if (before === 'select' && this.editor.refining.get() === null) this.refinement.take();
    this.stopListening = this.editor.refining.subscribe(() => {
      this.hover.off();
      this.prompter.clear();
    });
    void this.reading.start();
    super.activate(before);
  }

  override deactivate(): void {
    this.stopListening();
    this.hover.off();
    this.reading.stop();
    this.prompter.clear();
    this.refinement.end();
    super.deactivate();
  }
}
