import { BrushTool, EraserTool } from '../mask/paintTool';
import type { ToolTable } from './table';

export const kMaskTools: ToolTable = {
  brush: BrushTool,
  eraser: EraserTool,
};
