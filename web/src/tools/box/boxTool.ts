/** Draws boxes by drag or by two clicks; the tool stays ready for the next one. */
import type { Editor } from '../../editor/editor';
import { Tool } from '../toolNode';
import { BoxDrawing } from './boxDrawing';
import { BoxIdle } from './boxIdle';

export class BoxTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [BoxIdle, BoxDrawing]);
  }
}
