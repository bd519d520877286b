import type { ToolTable } from './table';

export const kStructureTools: ToolTable = {};
