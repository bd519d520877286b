/** Draws cuboids in perspective: the front face as a box, then how far and where it goes back. */
import type { Editor } from '../../editor/editor';
import { Tool } from '../toolNode';
import { CuboidDepth } from './cuboidDepth';
import { CuboidFront } from './cuboidFront';
import { CuboidIdle } from './cuboidIdle';

export class CuboidTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [CuboidIdle, CuboidFront, CuboidDepth]);
  }
}
