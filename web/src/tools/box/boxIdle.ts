import type { Rect } from '../../editor/camera';
import type { Shape } from '../../kernel/records';
import { DrawingIdle } from '../drawing/drawingIdle';

export class BoxIdle extends DrawingIdle {
  protected override placed(area: Rect): Shape {
    return { type: 'box', ...area };
  }
}
