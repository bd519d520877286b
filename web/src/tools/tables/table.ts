import type { Editor, ToolId } from '../../editor/editor';
import type { Tool } from '../toolNode';

/** What makes a tool, by its id. A tool is made when it is first chosen. */
export type ToolTable = Partial<Record<ToolId, new (editor: Editor) => Tool>>;
