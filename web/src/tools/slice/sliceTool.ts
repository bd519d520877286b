/** Draws a line through polygons that cuts them; Enter without a line halves the selected one. */
import type { Editor } from '../../editor/editor';
import { screenDistance, type PointerInput } from '../../editor/input';
import { middleCut, slice } from '../../editor/polygons/slice';
import type { Point } from '../../kernel/records';
import { PathDrawing } from '../drawing/pathDrawing';
import { SnappingIdle } from '../drawing/snappingIdle';
import { Tool } from '../toolNode';

const kDragPx = 12;

class SliceIdle extends SnappingIdle {
  override complete(): boolean {
    const [entry] = this.editor.selected();
    if (entry) void slice(this.editor, middleCut(entry));
    return true;
  }
}

class SliceDrawing extends PathDrawing {
  protected readonly closed = false;
  private from: Point = [0, 0];

  override enter(info: unknown): void {
    this.from = (info as PointerInput).screen;
    super.enter(info);
  }

  /** A drag is the whole line. */
  override up(input: PointerInput): boolean {
    super.up(input);
    const dragged = this.points.length === 1 && screenDistance(this.from, input.screen) > kDragPx;
    return dragged ? super.down(input) && this.complete() : true;
  }

  protected override freehand(): boolean {
    return false;
  }

  protected finish(points: Point[]): void {
    this.tool.go('idle');
    void slice(this.editor, points);
  }
}

export class SliceTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [SliceIdle, SliceDrawing]);
  }
}
