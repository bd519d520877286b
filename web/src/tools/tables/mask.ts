import { FillTool } from '../mask/fillTool';
import { BrushTool, EraserTool } from '../mask/paintTool';
import { ScissorsTool } from '../mask/scissorsTool';
import { SuperpixelTool } from '../mask/superpixelTool';
import { WandTool } from '../mask/wandTool';
import type { ToolTable } from './table';

export const kMaskTools: ToolTable = {
  brush: BrushTool,
  eraser: EraserTool,
  fill: FillTool,
  wand: WandTool,
  scissors: ScissorsTool,
  superpixels: SuperpixelTool,
};
