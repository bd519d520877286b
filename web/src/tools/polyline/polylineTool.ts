/** Draws lines click by click or freehand; Enter or a double click ends them. */
import type { Rect } from '../../editor/camera';
import type { Editor } from '../../editor/editor';
import type { Point, Shape } from '../../kernel/records';
import { PathDrawing } from '../drawing/pathDrawing';
import { SnappingIdle } from '../drawing/snappingIdle';
import { Tool } from '../toolNode';

class PolylineIdle extends SnappingIdle {
  protected override placed({ x, y, width, height }: Rect): Shape {
    const middle = Math.round(y + height / 2);
    return {
      type: 'polyline',
      points: [
        [x, middle],
        [x + width, middle],
      ],
    };
  }
}

class PolylineDrawing extends PathDrawing {
  protected readonly closed = false;

  protected finish(points: Point[]): void {
    this.keep({ type: 'polyline', points });
  }
}

export class PolylineTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [PolylineIdle, PolylineDrawing]);
  }
}
