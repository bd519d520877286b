/** Places the beginning of a comment thread on a spot of the image. */
import type { Editor } from '../../editor/editor';
import { Tool } from '../toolNode';
import { CommentIdle } from './commentIdle';

export class CommentTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [CommentIdle]);
  }
}
