/** All tools of the image editor; the one named by `editor.tool` hears the pointer. */
import type { Editor, ToolHost, ToolId } from '../editor/editor';
import type { ToolInput } from '../editor/input';
import { BoxTool } from './box/boxTool';
import { CommentTool } from './comment/commentTool';
import { PolygonTool } from './polygon/polygonTool';
import { SegmentTool } from './segment/segmentTool';
import { SelectTool } from './select/selectTool';
import type { Tool } from './toolNode';

export class Toolbox implements ToolHost {
  private readonly tools: Record<ToolId, Tool>;
  private active: ToolId;
  private readonly unsubscribe: () => void;

  constructor(private readonly editor: Editor) {
    this.tools = {
      select: new SelectTool(editor),
      box: new BoxTool(editor),
      polygon: new PolygonTool(editor),
      segment: new SegmentTool(editor),
      comment: new CommentTool(editor),
    };
    this.active = editor.tool.get();
    this.tools[this.active].activate();
    this.unsubscribe = editor.tool.subscribe(() => this.switch(editor.tool.get()));
  }

  dispatch(input: ToolInput): boolean {
    return this.tools[this.active].dispatch(input);
  }

  path(): string {
    return `${this.active}.${this.tools[this.active].phase}`;
  }

  /** Leaves every gesture; nothing half-drawn stays on the canvas. */
  dispose(): void {
    this.unsubscribe();
    this.tools[this.active].deactivate();
  }

  private switch(next: ToolId): void {
    if (next === this.active) return;
    this.tools[this.active].deactivate();
    this.active = next;
    this.editor.hovered.set(null);
    this.tools[next].activate();
  }
}
