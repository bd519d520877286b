/** Takes what has the colour of the place clicked; a drag changes how near colours must be. */
import type { Editor } from '../../editor/editor';
import { MaskTool } from './maskTool';
import { WandIdle } from './wandIdle';
import { WandProbing } from './wandProbing';

export class WandTool extends MaskTool {
  constructor(editor: Editor) {
    super(editor, [WandIdle, WandProbing]);
  }
}
