/** Draws ellipses by the rectangle around them; Shift holds a circle, Alt the centre. */
import type { Rect } from '../../editor/camera';
import type { Editor } from '../../editor/editor';
import { ellipseIn } from '../../editor/ellipses';
import type { Shape } from '../../kernel/records';
import { DrawingIdle } from '../drawing/drawingIdle';
import { RectDrawing } from '../drawing/rectDrawing';
import { Tool } from '../toolNode';

class EllipseIdle extends DrawingIdle {
  protected override placed(area: Rect): Shape {
    return ellipseIn(area);
  }
}

class EllipseDrawing extends RectDrawing {
  protected shapeIn(rect: Rect): Shape {
    return ellipseIn(rect);
  }
}

export class EllipseTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [EllipseIdle, EllipseDrawing]);
  }
}
