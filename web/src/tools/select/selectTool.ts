/** Selects, moves, resizes and edits vertices. */
import type { Editor } from '../../editor/editor';
import { Tool } from '../toolNode';
import { SelectIdle } from './selectIdle';
import { SelectMarquee } from './selectMarquee';
import { SelectPointing } from './selectPointing';
import { SelectResizing } from './selectResizing';
import { SelectTranslating } from './selectTranslating';
import { SelectVertex } from './selectVertex';

export class SelectTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [
      SelectIdle,
      SelectPointing,
      SelectTranslating,
      SelectResizing,
      SelectVertex,
      SelectMarquee,
    ]);
  }
}
