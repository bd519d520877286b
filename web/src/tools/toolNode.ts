/**
 * Tools as a state chart: a tool owns phases, one is current, events go to the current phase first
 * and climb until one handles them. A phase is one file and one gesture.
 */
import type { Editor, ToolId } from '../editor/editor';
import type { PointerInput, ToolInput } from '../editor/input';

export abstract class ToolPhase {
  abstract readonly id: string;

  constructor(
    protected readonly editor: Editor,
    protected readonly tool: Tool,
  ) {}

  enter(_info: unknown): void {}
  exit(): void {}
  down(_input: PointerInput): boolean {
    return false;
  }
  move(_input: PointerInput): boolean {
    return false;
  }
  up(_input: PointerInput): boolean {
    return false;
  }
  double(_input: PointerInput): boolean {
    return false;
  }
  leave(): boolean {
    return false;
  }
  cancel(): boolean {
    return false;
  }
  complete(): boolean {
    return false;
  }
  back(): boolean {
    return false;
  }
  skip(): boolean {
    return false;
  }
  release(): boolean {
    return false;
  }
  trace(): boolean {
    return false;
  }
}

type PhaseClass = new (editor: Editor, tool: Tool) => ToolPhase;

export abstract class Tool {
  private readonly phases = new Map<string, ToolPhase>();
  private current: ToolPhase | null = null;

  constructor(
    protected readonly editor: Editor,
    phases: readonly PhaseClass[],
  ) {
    for (const Phase of phases) {
      const phase = new Phase(editor, this);
      this.phases.set(phase.id, phase);
    }
  }

  get phase(): string {
    return this.current?.id ?? '';
  }

  /** `before` is the tool that was in hand; absent when the image was opened with this one. */
  activate(_before?: ToolId): void {
    this.go('idle');
  }

  deactivate(): void {
    this.current?.exit();
    this.current = null;
  }

  /** @throws RangeError for a phase the tool does not have. */
  go(id: string, info?: unknown): void {
    const next = this.phases.get(id);
    if (!next) throw new RangeError(`tool has no phase "${id}"`);
    this.current?.exit();
    this.current = next;
    next.enter(info);
  }

  dispatch(input: ToolInput): boolean {
    const phase = this.current;
    if (!phase) return false;
    switch (input.type) {
      case 'down':
        return phase.down(input);
      case 'move':
        return phase.move(input);
      case 'up':
        return phase.up(input);
      case 'double':
        return phase.double(input);
      case 'leave':
        return phase.leave();
      default:
        return phase[input.type]();
    }
  }
}
