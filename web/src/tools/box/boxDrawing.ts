import type { Rect } from '../../editor/camera';
import type { Shape } from '../../kernel/records';
import { RectDrawing } from '../drawing/rectDrawing';

export class BoxDrawing extends RectDrawing {
  protected shapeIn(rect: Rect): Shape {
    return { type: 'box', ...rect };
  }
}
