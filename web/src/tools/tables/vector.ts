import type { ToolTable } from './table';

export const kVectorTools: ToolTable = {};
