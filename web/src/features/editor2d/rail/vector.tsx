import type { RailTool } from './railTool';

export const kVectorRail: readonly RailTool[] = [];
