/** All tools of the image editor; the one named by `editor.tool` hears the pointer. */
import type { Editor, ToolHost, ToolId } from '../editor/editor';
import type { ToolInput } from '../editor/input';
import { kCoreTools } from './tables/core';
import { kMaskTools } from './tables/mask';
import { kStructureTools } from './tables/structure';
import type { ToolTable } from './tables/table';
import { kVectorTools } from './tables/vector';
import type { Tool } from './toolNode';

export const kTools: ToolTable = {
  ...kCoreTools,
  ...kVectorTools,
  ...kMaskTools,
  ...kStructureTools,
};

export class Toolbox implements ToolHost {
  private readonly made = new Map<ToolId, Tool>();
  private active: ToolId;
  private readonly unsubscribe: () => void;

  constructor(private readonly editor: Editor) {
    this.active = editor.tool.get();
    this.tool(this.active).activate();
    this.unsubscribe = editor.tool.subscribe(() => this.switch(editor.tool.get()));
  }

  dispatch(input: ToolInput): boolean {
    return this.tool(this.active).dispatch(input);
  }

  path(): string {
    return `${this.active}.${this.tool(this.active).phase}`;
  }

  /** Leaves every gesture; nothing half-drawn stays on the canvas. */
  dispose(): void {
    this.unsubscribe();
    this.tool(this.active).deactivate();
  }

  private tool(id: ToolId): Tool {
    const known = this.made.get(id);
    if (known) return known;
    const Made = kTools[id];
    if (!Made) throw new RangeError(`no tool "${id}"`);
    const tool = new Made(this.editor);
    this.made.set(id, tool);
    return tool;
  }

  private switch(next: ToolId): void {
    if (next === this.active) return;
    this.tool(this.active).deactivate();
    const before = this.active;
    this.active = next;
    this.editor.hovered.set(null);
    this.tool(next).activate(before);
  }
}
