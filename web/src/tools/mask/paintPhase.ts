import type { PointerInput } from '../../editor/input';
import { opposite, type PaintMode } from '../../editor/masks/painting';
import { ToolPhase } from '../toolNode';
import type { PaintTool } from './paintTool';

/** Alt turns the brush into an eraser and the eraser into a brush. */
export function modeOf(tool: PaintTool, input: Pick<PointerInput, 'alt'>): PaintMode {
  return input.alt ? opposite(tool.mode) : tool.mode;
}

export abstract class PaintPhase extends ToolPhase {
  protected get paintTool(): PaintTool {
    return this.tool as PaintTool;
  }
}
