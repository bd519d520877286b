/** Cuts along edges: each click holds the wire, which runs between clicks where the edges are. */
import type { Editor } from '../../editor/editor';
import { MaskTool } from './maskTool';
import { ScissorsCutting } from './scissorsCutting';
import { ScissorsIdle } from './scissorsIdle';

export class ScissorsTool extends MaskTool {
  constructor(editor: Editor) {
    super(editor, [ScissorsIdle, ScissorsCutting]);
  }
}
