/** What all phases of the AI click tool answer the same way. */
import { ToolPhase } from '../toolNode';
import type { HoverPreview } from './hoverPreview';
import type { Prompter } from './prompter';
import type { SegmentTool } from './segmentTool';

export abstract class SegmentPhase extends ToolPhase {
  protected get prompter(): Prompter {
    return (this.tool as SegmentTool).prompter;
  }

  protected get hover(): HoverPreview {
    return (this.tool as SegmentTool).hover;
  }

  override complete(): boolean {
    this.prompter.accept();
    return true;
  }

  override release(): boolean {
    this.prompter.ask();
    return true;
  }

  override back(): boolean {
    if (this.prompter.isEmpty) return false;
    this.prompter.clear();
    return true;
  }
}
