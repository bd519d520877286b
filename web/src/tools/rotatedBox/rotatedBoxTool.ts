/** Draws turned boxes by one side and the width. */
import type { Editor } from '../../editor/editor';
import { BoxIdle } from '../box/boxIdle';
import { Tool } from '../toolNode';
import { RotatedBoxDrawing } from './rotatedBoxDrawing';

export class RotatedBoxTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [BoxIdle, RotatedBoxDrawing]);
  }
}
