import type { RailTool } from './railTool';

export const kStructureRail: readonly RailTool[] = [];
