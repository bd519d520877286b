import { CuboidTool } from '../cuboid/cuboidTool';
import { SkeletonTool } from '../skeleton/skeletonTool';
import type { ToolTable } from './table';

export const kStructureTools = {
  skeleton: SkeletonTool,
  cuboid: CuboidTool,
} satisfies ToolTable;
