import { BoxTool } from '../box/boxTool';
import { CommentTool } from '../comment/commentTool';
import { PolygonTool } from '../polygon/polygonTool';
import { RelationTool } from '../relation/relationTool';
import { SegmentTool } from '../segment/segmentTool';
import { SelectTool } from '../select/selectTool';
import type { ToolTable } from './table';

export const kCoreTools = {
  select: SelectTool,
  box: BoxTool,
  polygon: PolygonTool,
  segment: SegmentTool,
  relation: RelationTool,
  comment: CommentTool,
} satisfies ToolTable;
