import type { RailTool } from './railTool';

export const kMaskRail: readonly RailTool[] = [];
