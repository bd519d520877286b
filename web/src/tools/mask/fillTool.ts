/** Closes holes of the selected mask; with Alt it takes whole islands away. */
import type { Editor } from '../../editor/editor';
import { MaskTool } from './maskTool';
import { FillIdle } from './fillIdle';

export class FillTool extends MaskTool {
  constructor(editor: Editor) {
    super(editor, [FillIdle]);
  }
}
