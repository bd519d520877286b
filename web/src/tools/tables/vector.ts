import { EllipseTool } from '../ellipse/ellipseTool';
import { ExtremeBoxTool } from '../extremeBox/extremeBoxTool';
import { JoinTool } from '../join/joinTool';
import { PointsTool } from '../points/pointsTool';
import { PolylineTool } from '../polyline/polylineTool';
import { RotatedBoxTool } from '../rotatedBox/rotatedBoxTool';
import { SliceTool } from '../slice/sliceTool';
import type { ToolTable } from './table';

export const kVectorTools = {
  rotated_box: RotatedBoxTool,
  extreme_box: ExtremeBoxTool,
  slice: SliceTool,
  join: JoinTool,
  polyline: PolylineTool,
  points: PointsTool,
  ellipse: EllipseTool,
} satisfies ToolTable;
