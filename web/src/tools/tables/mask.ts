import type { ToolTable } from './table';

export const kMaskTools: ToolTable = {};
