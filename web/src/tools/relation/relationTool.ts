/** Draws arrows between objects. */
import type { Editor } from '../../editor/editor';
import { Tool } from '../toolNode';
import { RelationIdle } from './relationIdle';

export class RelationTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [RelationIdle]);
  }
}
