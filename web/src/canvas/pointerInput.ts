/**
 * From DOM events to tool input and camera moves. One pointer draws; space, the middle button or
 * fingers (touchGestures.ts) move the view. `data-interacting` on the root element lets glass rest
 * while things move.
 */
import { kZoomStep } from '../editor/camera';
import type { Editor } from '../editor/editor';
import type { PointerInput, ToolInput } from '../editor/input';
import type { Point } from '../kernel/records';
import { Rest } from './rest';
import { TouchGestures } from './touchGestures';

const kInteractingMs = 150;
/** These paint where they come down and as long as they stay. */
const kPaints = /^(brush|eraser|superpixels|scissors|wand)$/;

export class PointerBinding {
  private readonly abort = new AbortController();
  private readonly touch: TouchGestures;
  private panning: { id: number; last: Point } | null = null;
  /** Once a pen was seen, fingers are for the view. */
  private penSeen = false;
  private readonly pen = new Rest();
  /** What a resting pen has begun is over: its way up means nothing. */
  private penRested = false;
  private spaceHeld = false;
  /** Asking for it at every move would have the page laid out anew. */
  private box: DOMRect | null = null;
  private interactingTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly editor: Editor,
    private readonly dispatch: (input: ToolInput) => void,
  ) {
    const { signal } = this.abort;
    this.touch = new TouchGestures({
      pan: (dx, dy) => editor.view.pan(dx, dy),
      zoomAt: (screen, factor) => editor.view.zoomAt(screen, factor),
      cancel: () => dispatch({ type: 'cancel' }),
      undo: () => editor.history.undo(),
      redo: () => editor.history.redo(),
      menu: (screen) => this.menu(screen, 'touch'),
    });
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
    window.addEventListener('resize', () => (this.box = null), { signal });
    on('pointerenter', () => (this.box = null));
  }

  dispose(): void {
    this.abort.abort();
    this.touch.dispose();
    this.pen.end();
    if (this.interactingTimer !== null) clearTimeout(this.interactingTimer);
    delete document.documentElement.dataset.interacting;
  }

  /** While space is held a drag moves the view. */
  holdSpace(held: boolean): void {
    this.spaceHeld = held;
    this.showCursor();
  }

  private down(event: PointerEvent): void {
    this.box = null;
    this.element.focus({ preventScroll: true });
    delete this.element.dataset.tabbed;
    capture(this.element, event.pointerId);
    this.interacting();
    const at = this.place(event);
    if (event.pointerType === 'pen') this.penDown(event, at);
    if (event.pointerType === 'touch') {
      this.touch.down(event.pointerId, at, event.timeStamp, this.mayRest());
      if (this.touch.many || this.penSeen) return;
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
    if (event.pointerType === 'touch' && this.touch.move(event.pointerId, at, this.penSeen)) {
      return this.interacting();
    }
    if (this.panning?.id === event.pointerId) {
      this.interacting();
      this.editor.view.pan(at[0] - this.panning.last[0], at[1] - this.panning.last[1]);
      this.panning.last = at;
      return;
    }
    if (event.pointerType === 'pen') {
      this.pen.move(at);
      if (this.penRested) return;
    }
    if (event.buttons !== 0) this.interacting();
    this.dispatch(this.input('move', event));
  }

  private up(event: PointerEvent): void {
    if (event.pointerType === 'touch') {
      const several = this.touch.up(event.pointerId, event.timeStamp);
      if (several || this.penSeen) return;
    }
    if (event.pointerType === 'pen') {
      this.pen.end();
      if (this.penRested) return;
    }
    if (this.panning?.id === event.pointerId) {
      this.panning = null;
      return this.showCursor();
    }
    this.dispatch(this.input('up', event));
  }

  private lost(event: PointerEvent): void {
    this.touch.lost(event.pointerId);
    this.pen.end();
    this.panning = null;
    this.dispatch({ type: 'cancel' });
  }

  private penDown(event: PointerEvent, at: Point): void {
    this.penSeen = true;
    this.penRested = false;
    if (event.button !== 0 || !this.mayRest()) return;
    this.pen.begin(at, () => {
      this.penRested = true;
      this.dispatch({ type: 'cancel' });
      this.menu(at, 'pen');
    });
  }

  /** A shape that is half drawn is not given up for a menu. */
  private mayRest(): boolean {
    const { drawing, prompt } = this.editor.overlay.get();
    return !drawing && !prompt && !kPaints.test(this.editor.tool.get());
  }

  private menu(screen: Point, pointer: 'touch' | 'pen'): void {
    this.editor.menus.emit({ screen, point: this.editor.view.toImage(screen), pointer });
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
      ...(event instanceof PointerEvent && this.felt(type, event)),
    };
  }

  private felt(type: PointerInput['type'], event: PointerEvent): Partial<PointerInput> {
    const pointer = event.pointerType === 'pen' || event.pointerType === 'touch';
    const since = type === 'move' ? (event.getCoalescedEvents?.() ?? []) : [];
    const steps = since.length > 0 ? since : [event];
    return {
      pointer: pointer ? (event.pointerType as 'pen' | 'touch') : 'mouse',
      // A mouse reports one half for every pressed button.
      ...(pointer && event.pressure > 0 && { pressure: event.pressure }),
      path: steps.map((step) => this.editor.view.toImage(this.place(step))),
    };
  }

  private place(event: MouseEvent): Point {
    this.box ??= this.element.getBoundingClientRect();
    return [event.clientX - this.box.left, event.clientY - this.box.top];
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
