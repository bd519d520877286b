/** Cuts what is in view into superpixels; those gone over are added to the mask. */
import type { Editor } from '../../editor/editor';
import { MaskTool } from './maskTool';
import { SuperpixelIdle } from './superpixelIdle';
import { SuperpixelPainting } from './superpixelPainting';
import { SuperpixelSheet } from './superpixelSheet';

export class SuperpixelTool extends MaskTool {
  readonly sheet: SuperpixelSheet;

  constructor(editor: Editor) {
    super(editor, [SuperpixelIdle, SuperpixelPainting]);
    this.sheet = new SuperpixelSheet(editor);
  }

  override activate(): void {
    super.activate();
    this.sheet.open();
  }

  override deactivate(): void {
    this.sheet.close();
    super.deactivate();
  }
}
