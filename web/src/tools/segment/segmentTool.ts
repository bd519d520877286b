/**
 * The AI click tool: a click marks what belongs to the object, Alt or the right button what does
 * not, a drag gives a box. The answer is a preview until Enter makes it an object.
 */
import type { Editor } from '../../editor/editor';
import { Tool } from '../toolNode';
import { Prompter } from './prompter';
import { SegmentBoxing } from './segmentBoxing';
import { SegmentIdle } from './segmentIdle';
import { SegmentPressing } from './segmentPressing';

export class SegmentTool extends Tool {
  readonly prompter: Prompter;

  constructor(editor: Editor) {
    super(editor, [SegmentIdle, SegmentPressing, SegmentBoxing]);
    this.prompter = new Prompter(editor);
  }

  override deactivate(): void {
    this.prompter.clear();
    super.deactivate();
  }
}
