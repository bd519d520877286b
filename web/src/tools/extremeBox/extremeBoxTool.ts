/** Draws boxes by four clicks on the outermost points of an object. */
import type { Editor } from '../../editor/editor';
import { BoxIdle } from '../box/boxIdle';
import { Tool } from '../toolNode';
import { ExtremeBoxDrawing } from './extremeBoxDrawing';

export class ExtremeBoxTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [BoxIdle, ExtremeBoxDrawing]);
  }
}
