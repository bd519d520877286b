/**
 * From DOM events to tool input and camera moves. One pointer draws; space, the middle button or
 * two fingers move the view. `data-interacting` on the root element lets glass rest while things
 * move.
 */
import { kZoomStep } from '../editor/camera';
import type { Editor } from '../editor/editor';
import type { PointerInput, ToolInput } from '../editor/input';
import type { Point } from '../kernel/records';

const kInteractingMs = 150;

export class PointerBinding {
  private readonly abort = new AbortController();
  private readonly touches = new Map<number, Point>();
  private panning: { id: number; last: Point } | null = null;
  private pinch: { span: number; centre: Point } | null = null;
  private spaceHeld = false;
  private interactingTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly editor: Editor,
    private readonly dispatch: (input: ToolInput) => void,
  ) {
    const { signal } = this.abort;
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      handler: (event: HTMLElementEventMap[K]) => void,
    ) => element.addEventListener(type, handler, { signal, passive: false });
    on('pointerdown', (event) => this.down(event));
    on('pointermove', (event) => this.move(event));
    on('pointerup', (event) => this.up(event));
    on('pointercancel', (event) => this.lost(event));
    on('pointerleave', () => this.left());
    on('dblclick', (event) => this.dispatch(this.input('double', event)));
    on('wheel', (event) => this.wheel(event));
    on('contextmenu', (event) => event.preventDefault());
    window.addEventListener('blur', () => this.holdSpace(false), { signal });
  }

  dispose(): void {
    this.abort.abort();
    if (this.interactingTimer !== null) clearTimeout(this.interactingTimer);
    delete document.documentElement.dataset.interacting;
  }

  /** While space is held a drag moves the view. */
  holdSpace(held: boolean): void {
    this.spaceHeld = held;
    this.showCursor();
  }

  private down(event: PointerEvent): void {
    this.element.focus({ preventScroll: true });
    delete this.element.dataset.tabbed;
    capture(this.element, event.pointerId);
    this.interacting();
    const at = this.place(event);
    if (event.pointerType === 'touch') {
      this.touches.set(event.pointerId, at);
      if (this.touches.size === 2) return this.startPinch();
      if (this.touches.size > 2) return;
    }
    if (event.button === 1 || (event.button === 0 && this.spaceHeld)) {
      event.preventDefault();
      this.panning = { id: event.pointerId, last: at };
      return this.showCursor();
    }
    this.dispatch(this.input('down', event));
  }

  private move(event: PointerEvent): void {
    const at = this.place(event);
    this.editor.view.pointer.set(this.editor.view.toImage(at));
    if (this.touches.has(event.pointerId)) this.touches.set(event.pointerId, at);
    if (this.pinch) return this.movePinch();
    if (this.panning?.id === event.pointerId) {
      this.interacting();
      this.editor.view.pan(at[0] - this.panning.last[0], at[1] - this.panning.last[1]);
      this.panning.last = at;
      return;
    }
    if (event.buttons !== 0) this.interacting();
    this.dispatch(this.input('move', event));
  }

  private up(event: PointerEvent): void {
    const pinched = this.pinch !== null;
    this.touches.delete(event.pointerId);
    if (pinched) {
      if (this.touches.size === 0) this.pinch = null;
      return;
    }
    if (this.panning?.id === event.pointerId) {
      this.panning = null;
      return this.showCursor();
    }
    this.dispatch(this.input('up', event));
  }

  private lost(event: PointerEvent): void {
    this.touches.delete(event.pointerId);
    this.panning = null;
    this.pinch = null;
    this.dispatch({ type: 'cancel' });
  }

  private left(): void {
    this.editor.view.pointer.set(null);
    this.dispatch({
      type: 'leave',
      point: [0, 0],
      screen: [0, 0],
      button: -1,
      shift: false,
      alt: false,
      ctrl: false,
    });
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    this.interacting();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    const dx = event.deltaX * lines;
    const dy = event.deltaY * lines;
    // A touch pad reports both axes; a wheel only one.
    const pad = !event.ctrlKey && event.deltaMode === 0 && dx !== 0 && !event.shiftKey;
    if (pad) return this.editor.view.pan(-dx, -dy);
    if (event.shiftKey && !event.ctrlKey) return this.editor.view.pan(-(dx || dy), 0);
    // A pinch on a touch pad comes as small steps with ctrlKey.
    const notches = event.ctrlKey && Math.abs(dy) < 50 ? dy / 12 : dy / 100;
    const factor = kZoomStep ** -Math.max(-6, Math.min(6, notches));
    this.editor.view.zoomAt(this.place(event), factor);
    this.editor.view.pointer.set(this.editor.view.toImage(this.place(event)));
  }

  private startPinch(): void {
    this.dispatch({ type: 'cancel' });
    this.pinch = this.measure();
  }

  private movePinch(): void {
    const now = this.measure();
    if (!this.pinch || !now) return;
    const { view } = this.editor;
    view.pan(now.centre[0] - this.pinch.centre[0], now.centre[1] - this.pinch.centre[1]);
    view.zoomAt(now.centre, now.span / this.pinch.span);
    this.pinch = now;
    this.interacting();
  }

  private measure(): { span: number; centre: Point } | null {
    const [a, b] = [...this.touches.values()];
    if (!a || !b) return null;
    return {
      span: Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1])),
      centre: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    };
  }

  private input(type: PointerInput['type'], event: MouseEvent): PointerInput {
    const screen = this.place(event);
    return {
      type,
      screen,
      point: this.editor.view.toImage(screen),
      // While moving, the held button is what matters, not which one changed.
      button: type === 'move' ? heldButton(event.buttons) : event.button,
      shift: event.shiftKey,
      alt: event.altKey,
      ctrl: event.ctrlKey || event.metaKey,
    };
  }

  private place(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private showCursor(): void {
    const over = this.panning ? 'grabbing' : this.spaceHeld ? 'grab' : '';
    this.element.style.cursor = over || this.editor.cursor.get();
  }

  private interacting(): void {
    document.documentElement.dataset.interacting = '';
    if (this.interactingTimer !== null) clearTimeout(this.interactingTimer);
    this.interactingTimer = setTimeout(() => {
      delete document.documentElement.dataset.interacting;
    }, kInteractingMs);
  }
}

function heldButton(buttons: number): number {
  if (buttons & 1) return 0;
  if (buttons & 4) return 1;
  return buttons & 2 ? 2 : -1;
}

/** A pointer made by a script cannot be captured; drawing works without. */
function capture(element: HTMLElement, pointerId: number): void {
  try {
    element.setPointerCapture(pointerId);
  } catch {
    // Nothing to release later.
  }
}
