/** Brush and eraser: two tools that differ in what they do to the pixels under the tip. */
import type { Editor } from '../../editor/editor';
import type { PaintMode } from '../../editor/masks/painting';
import { MaskTool } from './maskTool';
import { PaintIdle } from './paintIdle';
import { PaintOutlining } from './paintOutlining';
import { PaintStroking } from './paintStroking';

export class PaintTool extends MaskTool {
  /** Where the last stroke ended: Shift draws a line from there. */
  lastEnd: readonly [number, number] | null = null;

  constructor(
    editor: Editor,
    readonly mode: PaintMode,
  ) {
    super(editor, [PaintIdle, PaintStroking, PaintOutlining]);
  }
}

export class BrushTool extends PaintTool {
  constructor(editor: Editor) {
    super(editor, 'add');
  }
}

export class EraserTool extends PaintTool {
  constructor(editor: Editor) {
    super(editor, 'erase');
  }
}
