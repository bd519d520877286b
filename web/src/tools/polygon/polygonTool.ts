/** Draws polygons click by click; Enter, a double click or the first vertex closes. */
import type { Editor } from '../../editor/editor';
import { Tool } from '../toolNode';
import { PolygonDrawing } from './polygonDrawing';
import { PolygonIdle } from './polygonIdle';

export class PolygonTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [PolygonIdle, PolygonDrawing]);
  }
}
